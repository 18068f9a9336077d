#include "core/recorder.h"

#include <algorithm>
#include <utility>

namespace metrics_runtime {

namespace {

constexpr const char* kCorrupt = "the shared memory of a queue holds what no producer writes";

}  // namespace

RecorderState Recorder::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

uint32_t Recorder::stops() const {
  const std::lock_guard lock(mutex_);
  return stops_;
}

RingCounts Recorder::SumCounts() const {
  RingCounts sum = let_go_counts_;
  for (const auto& ring : rings_) sum += ring->Read();
  return sum;
}

RecorderStats Recorder::ReadStats() const {
  const std::lock_guard lock(mutex_);
  const RingCounts sum = SumCounts();
  RecorderStats stats;
  stats.accepted = sum.accepted();
  stats.dropped = sum.dropped;
  stats.dispatched = sum.dispatched;
  stats.pending = sum.pending + sum.unhandled;
  stats.invalid = sum.invalid;
  stats.undelivered = sum.undelivered;
  stats.hook_failures = hook_failures_.load(std::memory_order_relaxed);
  stats.labels_overflowed = metrics_.labels_overflowed();
  stats.series_overflowed = metrics_.series_overflowed();
  stats.observations_failed = observers_.failures();
  stats.fault = fault_;
  return stats;
}

bool Recorder::Transition(RecorderState from, RecorderState to) {
  const std::lock_guard lock(mutex_);
  if (state_ != from || state_ == RecorderState::kFailure || let_go_) return false;
  if (ending_ && to == RecorderState::kStarting) return false;
  SetState(to);
  if (to == RecorderState::kStopped && stopped_) stopped_();
  return true;
}

void Recorder::BeginEnd() {
  const std::lock_guard lock(mutex_);
  ending_ = true;
  const bool open = state_ == RecorderState::kStarting || state_ == RecorderState::kRunning;
  if (open) SetState(RecorderState::kStopping);
}

bool Recorder::FailFrom(RecorderState from, RecorderFault::Kind kind, std::string reason) {
  const std::lock_guard lock(mutex_);
  if (state_ != from || state_ == RecorderState::kFailure) return false;
  fault_text_ = std::move(reason);
  fault_ = {kind, fault_text_.c_str()};
  SetState(RecorderState::kFailure);
  return true;
}

bool Recorder::let_go() const {
  const std::lock_guard lock(mutex_);
  return let_go_;
}

void Recorder::SetState(RecorderState state) {
  state_ = state;
  if (state == RecorderState::kStopped) ++stops_;
  for (const auto& ring : rings_) ring->WriteState(state);
}

void Recorder::Fail(const char* reason) noexcept {
  failed_ = true;
  const std::lock_guard lock(mutex_);
  fault_ = {RecorderFault::Kind::kDispatcher, reason};
  SetState(RecorderState::kFailure);
}

bool Recorder::AttachRing(std::unique_ptr<EventRing> ring) {
  const std::lock_guard lock(mutex_);
  if (let_go_) return false;
  if (ring->producer() == origin_.creator) ring->NotifyReader(creators_events_);
  ring->reader().Withhold(kept_ != nullptr);
  rings_.push_back(std::move(ring));
  // Before the new producer can write anything that others are to be compared with.
  if (std::exchange(had_ring_, true)) {
    for (const auto& each : rings_) each->WriteShared();
  }
  // Its producer may publish from here on, so it comes last.
  rings_.back()->WriteState(state_);
  return true;
}

void Recorder::DetachRings() {
  metrics_.CloseInstruments();
  metrics_.GiveUpClaims();
  {
    const std::lock_guard lock(mutex_);
    LetGoOfReaders();
    let_go_counts_ = SumCounts();
    rings_.clear();
    let_go_ = true;
  }
  observers_.Close();  // last: they then see that it was let go
}

void Recorder::KeepForTakingBack(const StringTable& strings) {
  auto kept = std::make_unique<Kept>();
  kept->metrics = metrics_.Copy(strings);
  const std::lock_guard lock(mutex_);
  kept->counts = SumCounts();
  kept->quarantined = quarantined_;
  kept_ = std::move(kept);
  for (const auto& ring : rings_) ring->reader().Withhold(true);
}

void Recorder::ConfirmStart() noexcept {
  kept_.reset();
  for (const auto& ring : rings_) {
    ring->reader().Withhold(false);
    ring->SignalReader();
  }
}

void Recorder::TakeBackStart(RecorderFault::Kind kind, std::string reason) noexcept {
  metrics_.CloseInstruments();
  metrics_.Restore(*kept_->metrics);
  failed_ = true;
  std::unique_lock lock(mutex_);
  let_go_counts_ = SumCounts();
  const RingCounts& before = kept_->counts;
  // Less than before it is where a producer that breaks the protocol has moved its tail back.
  const uint64_t accepted =
      std::max(let_go_counts_.accepted(), before.accepted()) - before.accepted();
  let_go_counts_.dispatched = before.dispatched;
  let_go_counts_.pending = before.pending;
  let_go_counts_.dropped += accepted;
  let_go_counts_.unhandled = before.unhandled;
  let_go_counts_.undelivered = before.undelivered;
  quarantined_.swap(kept_->quarantined);
  if (state_ != RecorderState::kFailure) {
    fault_text_ = std::move(reason);
    fault_ = {kind, fault_text_.c_str()};
    SetState(RecorderState::kFailure);
  }
  LetGoOfReaders();  // after the counts: what is dropped is not undelivered too
  rings_.clear();
  let_go_ = true;
  kept_.reset();
  lock.unlock();
  observers_.Close();  // last, as above
}

bool Recorder::ProducerInside() const noexcept {
  return std::ranges::any_of(rings_, [](const auto& ring) { return ring->ProducerInside(); });
}

Recorder::DrainCounts Recorder::Drain(const EventClassRegistry& classes,
                                      const Deadline& deadline) noexcept {
  DrainCounts counts;
  if (!dispatches()) return counts;
  for (const auto& ring : rings_) {
    if (!DrainRing(*ring, classes, deadline, counts)) return counts;
  }
  return counts;
}

bool Recorder::DrainRing(EventRing& ring, const EventClassRegistry& classes,
                         const Deadline& deadline, DrainCounts& counts) noexcept {
  const char* reason = kCorrupt;
  const auto dispatch = [&](const EventClass& event_class, const EventRecord& record) {
    const char* const refused = metrics_.Dispatch(event_class, record);
    if (refused == nullptr) {
      ++counts.events;
      return true;
    }
    reason = refused;
    return false;
  };
  const EventRing::DrainResult result = ring.Drain(classes, deadline, dispatch);
  ring.SignalReader();
  counts.deepest = std::max(counts.deepest, ring.deepest());
  const bool fails =
      result == EventRing::DrainResult::kRefused || result == EventRing::DrainResult::kCorrupt;
  if (fails) Fail(reason);
  return !fails;
}

void Recorder::EndRingsOf(const void* producer, const EventClassRegistry& classes,
                          const Deadline& deadline) noexcept {
  DrainCounts counts;
  const auto is_theirs = [producer](const auto& ring) { return ring->producer() == producer; };
  if (dispatches()) {
    for (const auto& ring : rings_) {
      if (is_theirs(ring) && !DrainRing(*ring, classes, deadline, counts)) break;
    }
  }
  const auto is_of_theirs = [producer](const auto& metric) { return metric.producer == producer; };
  metrics_.Forget(producer);
  observers_.Remove(producer);
  if (kept_ != nullptr) {
    kept_->metrics->Forget(producer);
    std::erase_if(kept_->quarantined, is_of_theirs);
  }
  const std::lock_guard lock(mutex_);
  for (const auto& ring : rings_) {
    if (!is_theirs(ring)) continue;
    ring->RetireReader();
    let_go_counts_ += ring->Read();
  }
  std::erase_if(rings_, is_theirs);
  std::erase_if(quarantined_, is_of_theirs);
}

}  // namespace metrics_runtime
