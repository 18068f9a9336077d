// Runtime: the JavaScript threads that use it beside the one that made it.
#include <chrono>
#include <utility>

#include "runtime/runtime.h"

namespace metrics_runtime {

Status Runtime::AttachRing(const RecorderPtr& recorder, std::byte* ring_memory,
                           const void* producer) {
  if (Status wrong = ExpectRunning()) return wrong;
  bool removed = false;
  Status failed = Call([&] {
    // One that failed in a start that was taken back has no rings, but its place.
    removed = recorder->let_go() && recorders_.Find(recorder->id()) != recorder;
    if (recorder->let_go()) return;
    recorder->AttachRing(
        std::make_unique<EventRing>(ring_memory, recorder->queue_max_size(), producer));
  });
  if (!failed.has_value() && removed) return NotFound();
  return failed;
}

std::shared_ptr<Command> Runtime::MakeFarewell(const void* producer) {
  return std::make_shared<Command>([this, producer] { EndProducer(producer); });
}

void Runtime::LetGoOf(const std::shared_ptr<Command>& farewell) noexcept {
  // Also for the drain of the turn in which the farewell is taken.
  farewell_deadline_.ExpireIn(std::chrono::nanoseconds(kFlushLimitNs));
  farewells_.fetch_add(1, std::memory_order_seq_cst);
  turn_deadline_.ExpireIn(std::chrono::nanoseconds(kFlushLimitNs));
  loop_thread_.Post(farewell);
  // No limit: as in EndWithEnvironment. Refused: the loop has let go of every ring.
  (void)farewell->Wait(UvCondition::kForever);
  farewells_.fetch_sub(1, std::memory_order_relaxed);
}

void Runtime::EndProducer(const void* producer) noexcept {
  const auto is_held = [producer](const RecorderPtr& recorder) {
    return recorder->origin().creator == producer &&
           recorder->state() == RecorderState::kStarting && recorder->start_may_be_taken_back();
  };
  for (size_t i = 0; i < live_.size();) {
    const RecorderPtr recorder = live_[i];
    const bool held = is_held(recorder);
    const auto operation = held ? OperationOf(recorder) : nullptr;  // nullptr: a creation
    if (held) TakeBackStart(recorder, RecorderFault::Kind::kUnfinishedStart, {});
    if (operation != nullptr) SettleFailed(recorder, operation);
    recorder->EndRingsOf(producer, event_classes_, farewell_deadline_);
    // A creation that was held goes without a trace; a start leaves its recorder, failed.
    if (held && operation == nullptr) {
      (void)recorders_.CancelReservation(recorder->id());
      live_.erase(live_.begin() + static_cast<ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

}  // namespace metrics_runtime
