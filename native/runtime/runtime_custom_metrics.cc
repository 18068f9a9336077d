// Runtime: metrics that run in the JavaScript threads that registered them. The runtime thread
// keeps their place, tells those threads of events, and waits for them before a recorder stops.
#include <algorithm>
#include <utility>

#include "runtime/producer_wait.h"
#include "runtime/runtime.h"

namespace metrics_runtime {

Status Runtime::RegisterCustomMetric(const RecorderPtr& recorder, std::string name,
                                     const void* producer, const std::function<void()>& notify) {
  return RegisterMetric(recorder, {.name = std::move(name), .thread = producer},
                        [&] { recorder->NotifyReadersOf(producer, notify); });
}

bool Runtime::AwaitsReaders(const RecorderPtr& recorder,
                            const std::shared_ptr<Operation>& operation) noexcept {
  if (!recorder->ReadersHold()) return false;
  try {
    awaited_.push_back({recorder, operation, uv_hrtime() + kReadersLimitNs});
  } catch (...) {  // no memory to wait with
    recorder->RetireHoldingReaders();
    return false;
  }
  recorder->SignalReaders();
  return true;
}

void Runtime::FinishAwaited() noexcept {
  std::erase_if(awaited_, [this, now = uv_hrtime()](const Awaited& stop) {
    const auto& [recorder, operation, until_ns] = stop;
    const bool stopping = recorder->state() == RecorderState::kStopping;
    if (stopping && now < until_ns && recorder->ReadersHold()) return false;
    recorder->RetireHoldingReaders();
    try {
      Settle(recorder, operation, Arrive(recorder, operation->name()));
    } catch (...) {  // whoever waits is told, whatever happens
      Settle(recorder, operation, Failure{.kind = Failure::Kind::kOutOfMemory});
    }
    return true;
  });
}

void Runtime::AwaitReadersOf(std::span<const RecorderPtr> recorders) noexcept {
  const auto holds = [](const RecorderPtr& recorder) {
    return recorder->state() == RecorderState::kStopping && recorder->ReadersHold();
  };
  for (const RecorderPtr& recorder : recorders) {
    if (holds(recorder)) recorder->SignalReaders();
  }
  ProducerWait wait;
  while (!drain_deadline_.expires() && std::ranges::any_of(recorders, holds) && wait.Pause()) {
  }
}

}  // namespace metrics_runtime
