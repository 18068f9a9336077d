// Recorder: the metrics that run in the threads that registered them.
#include <algorithm>
#include <utility>

#include "core/recorder.h"

namespace metrics_runtime {

MetricSet::Refusal Recorder::RegisterMetric(MetricDefinition definition,
                                            const StringTable& strings) {
  const std::string name = definition.name;
  const void* const thread = definition.thread;
  MetricSet::Refusal refusal = metrics_.Register(std::move(definition), strings);
  if (refusal.has_value()) return refusal;
  const std::lock_guard lock(mutex_);
  std::erase_if(quarantined_, [&](const Quarantined& other) {
    return other.name == name && (thread == nullptr || other.producer == thread);
  });
  return std::nullopt;
}

void Recorder::Quarantine(std::string name, const void* producer) {
  const std::lock_guard lock(mutex_);
  quarantined_.push_back({std::move(name), producer});
}

std::vector<std::string> Recorder::quarantined() const {
  std::vector<std::string> names;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, producer] : quarantined_) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

void Recorder::NotifyReadersOf(const void* producer, const std::function<void()>& notify) {
  for (const auto& ring : rings_) {
    if (ring->producer() == producer) ring->NotifyReader(notify);
  }
}

bool Recorder::ReadersHold() const noexcept {
  return std::ranges::any_of(rings_, [](const auto& ring) { return ring->reader().Held() > 0; });
}

void Recorder::SignalReaders() const noexcept {
  for (const auto& ring : rings_) ring->SignalReader();
}

void Recorder::RetireHoldingReaders() noexcept {
  for (const auto& ring : rings_) {
    if (ring->reader().Held() > 0) ring->RetireReader();
  }
}

void Recorder::LetGoOfReaders() noexcept {
  for (const auto& ring : rings_) ring->RetireReader();
}

}  // namespace metrics_runtime
