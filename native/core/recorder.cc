#include "core/recorder.h"

#include <algorithm>
#include <utility>

#include "core/shared_word.h"

namespace metrics_runtime {

namespace {

constexpr const char* kCorrupt = "the shared memory of a queue holds what no producer writes";

}  // namespace

RecorderState Recorder::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

RecorderStats Recorder::ReadStats() const {
  const std::lock_guard lock(mutex_);
  RingCounts sum = let_go_counts_;
  for (const auto& ring : rings_) {
    const RingCounts counts = ring->Read();
    sum.dispatched += counts.dispatched;
    sum.pending += counts.pending;
    sum.dropped += counts.dropped;
    sum.invalid += counts.invalid;
  }
  RecorderStats stats;
  stats.accepted = sum.dispatched + sum.pending;
  stats.dropped = sum.dropped;
  stats.dispatched = sum.dispatched;
  stats.pending = sum.pending;
  stats.invalid = sum.invalid;
  stats.labels_overflowed = LoadRelaxed(&labels_overflowed_);
  stats.series_overflowed = LoadRelaxed(&series_overflowed_);
  stats.fault = fault_;
  return stats;
}

bool Recorder::Transition(RecorderState from, RecorderState to) {
  const std::lock_guard lock(mutex_);
  if (state_ != from || state_ == RecorderState::kFailure || let_go_) return false;
  SetState(to);
  return true;
}

bool Recorder::let_go() const {
  const std::lock_guard lock(mutex_);
  return let_go_;
}

void Recorder::SetState(RecorderState state) {
  state_ = state;
  for (const auto& ring : rings_) ring->WriteState(state);
}

void Recorder::Fail(const char* reason) noexcept {
  failed_ = true;
  const std::lock_guard lock(mutex_);
  fault_ = reason;
  SetState(RecorderState::kFailure);
}

void Recorder::AttachRing(std::unique_ptr<EventRing> ring) {
  const std::lock_guard lock(mutex_);
  ring->WriteState(state_);
  rings_.push_back(std::move(ring));
}

void Recorder::DetachRings() {
  const std::lock_guard lock(mutex_);
  for (const auto& ring : rings_) {
    const RingCounts counts = ring->Read();
    let_go_counts_.dispatched += counts.dispatched;
    let_go_counts_.pending += counts.pending;
    let_go_counts_.dropped += counts.dropped;
    let_go_counts_.invalid += counts.invalid;
  }
  rings_.clear();
  let_go_ = true;
}

void Recorder::RegisterMetric(MetricDefinition definition, const StringTable& strings) {
  // Everything that can throw works on copies, so that a refusal of memory changes nothing.
  std::vector<std::shared_ptr<Metric>> metrics = metrics_;
  const auto same_name = std::ranges::find_if(
      metrics, [&](const auto& metric) { return metric->definition().name == definition.name; });
  if (same_name == metrics.end()) {
    metrics.push_back(std::make_shared<Metric>(std::move(definition), strings));
  } else if ((*same_name)->definition().fingerprint == definition.fingerprint) {
    return;
  } else {
    *same_name = std::make_shared<Metric>(std::move(definition), strings);
  }
  routes_ = MakeRoutes(metrics);
  metrics_ = std::move(metrics);
}

Recorder::Routes Recorder::MakeRoutes(const std::vector<std::shared_ptr<Metric>>& metrics) {
  Routes routes;
  for (const auto& metric : metrics) {
    const auto& dimensions = metric->definition().dimensions;
    for (size_t i = 0; i < dimensions.size(); ++i) {
      for (const EventSource& source : dimensions[i].sources) {
        const uint32_t id = source.event_class->id();
        if (id >= routes.size()) routes.resize(id + 1);
        routes[id].push_back({source, &metric->dimension(i)});
      }
    }
  }
  return routes;
}

bool Recorder::ProducerInside() const noexcept {
  return std::ranges::any_of(rings_, [](const auto& ring) { return ring->ProducerInside(); });
}

Recorder::DrainCounts Recorder::Drain(const EventClassRegistry& classes,
                                      const Deadline& deadline) noexcept {
  DrainCounts counts;
  if (failed_) return counts;
  for (const auto& ring : rings_) {
    const char* reason = nullptr;
    const auto dispatch = [&](const EventClass& event_class, const EventRecord& record) {
      reason = Dispatch(event_class, record);
      if (reason != nullptr) return false;
      ++counts.events;
      return true;
    };
    const EventRing::DrainResult result = ring->Drain(classes, deadline, dispatch);
    counts.deepest = std::max(counts.deepest, ring->deepest());
    if (result == EventRing::DrainResult::kRefused) {
      Fail(reason);
      return counts;
    }
    if (result == EventRing::DrainResult::kCorrupt) {
      Fail(kCorrupt);
      return counts;
    }
  }
  return counts;
}

const char* Recorder::Dispatch(const EventClass& event_class, const EventRecord& record) noexcept {
  for (const uint32_t offset : event_class.label_offsets()) {
    if (record.U32(offset) != StringTable::kOverflowId) continue;
    StoreRelaxed(&labels_overflowed_, labels_overflowed_ + 1);
  }
  if (event_class.id() >= routes_.size()) return nullptr;
  try {
    for (const auto& [source, target] : routes_[event_class.id()]) {
      if (!source.where.Matches(record)) continue;
      if (!source.value.IsFinite(record)) return kCorrupt;
      if (target->Record(record, source) == Dimension::Recorded::kInSeries) continue;
      StoreRelaxed(&series_overflowed_, series_overflowed_ + 1);
    }
  } catch (...) {  // std::bad_alloc, or what a container throws in its place
    return "the system refused memory for a series or for what one has to remember";
  }
  return nullptr;
}

void Recorder::WriteSnapshots(ValueWriter& writer) const {
  writer.Object(metrics_.size());
  for (const auto& metric : metrics_) {
    writer.Key(metric->definition().name);
    metric->Write(writer);
  }
}

}  // namespace metrics_runtime
