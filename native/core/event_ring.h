// The runtime thread's end of one ring: single producer (a JavaScript thread), single consumer (the
// runtime thread). See ring_layout.h for every shared word, its writer, its readers and its order,
// and ring_protocol.h for the steps.
//
// Threads: Drain and ProducerInside, on the runtime thread. WriteState and Read, on any thread that
// holds the owning recorder's lock. Lifetime: the memory belongs to JavaScript; it must outlive
// this object, which the environment's clean-up hook guarantees by detaching rings first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include "core/deadline.h"
#include "core/event_class_registry.h"
#include "core/event_record.h"
#include "core/recorder_state.h"
#include "core/ring_layout.h"
#include "core/ring_protocol.h"
#include "core/ring_words.h"
#include "core/thread_reader.h"

namespace metrics_runtime {

// Counts of events since the ring was made. accepted = dispatched + pending in every reading.
struct RingCounts {
  uint64_t dispatched = 0;
  uint64_t pending = 0;
  uint64_t dropped = 0;
  uint64_t invalid = 0;
  uint64_t unhandled = 0;    // dispatched, but the thread's own metrics have not handled them yet
  uint64_t undelivered = 0;  // that they never will

  [[nodiscard]] uint64_t accepted() const noexcept { return dispatched + pending; }
  RingCounts& operator+=(const RingCounts& other) noexcept {
    dispatched += other.dispatched;
    pending += other.pending;
    dropped += other.dropped;
    invalid += other.invalid;
    unhandled += other.unhandled;
    undelivered += other.undelivered;
    return *this;
  }
};

class EventRing {
 public:
  enum class DrainResult { kDrained, kOutOfTime, kRefused, kCorrupt };

  // `memory` holds RingLayout::Bytes(queue_max_size) bytes, 8-byte aligned, zeroed; but head and
  // tail may both start at any one number, since only their difference has a meaning.
  // `producer` stands for the thread that produces; only its identity counts.
  EventRing(std::byte* memory, uint32_t queue_max_size, const void* producer = nullptr) noexcept;
  EventRing(const EventRing&) = delete;
  EventRing& operator=(const EventRing&) = delete;

  [[nodiscard]] const void* producer() const noexcept { return producer_; }

  void WriteState(RecorderState state) noexcept;
  // Tells the producer that there is, or was, another one.
  void WriteShared() noexcept { words_.StoreRelease(RingWord::kShared, 1); }
  [[nodiscard]] RingCounts Read() const noexcept;
  // The producing thread's own metrics. `due` is called on the runtime thread, after each drain at
  // which they still have events to handle, and when they are retired; it must not throw.
  void NotifyReader(std::function<void()> due) { due_ = std::move(due); }
  void SignalReader() const noexcept {
    if (due_ && reader_.Held() > 0) due_();
  }
  // ThreadReader::Retire, and has the thread notice.
  void RetireReader() noexcept {
    reader_.Retire();
    if (due_) due_();
  }
  [[nodiscard]] const ThreadReader& reader() const noexcept { return reader_; }
  // The producer may still publish under the state before the one written last. Asked after
  // WriteState and a process-wide barrier.
  [[nodiscard]] bool ProducerInside() const noexcept { return steps_.ProducerInside(); }

  // Dispatches what was published when it began, in order, and frees the space as it goes. Stops
  // early past the deadline, where `dispatch` returns false (kRefused), and where the memory cannot
  // be what a producer wrote (kCorrupt: the ring must not be drained again); the rest stays
  // pending.
  template <typename Dispatch>
  [[nodiscard]] DrainResult Drain(const EventClassRegistry& classes, const Deadline& deadline,
                                  Dispatch&& dispatch) noexcept {
    uint32_t pending = steps_.BeginDrain() - HeadAt(dispatched_);
    if (pending > queue_max_size_) return DrainResult::kCorrupt;
    deepest_ = std::max(deepest_, pending);
    while (pending > 0) {
      const uint32_t batch = std::min(pending, kReleaseEvery);
      for (uint32_t i = 0; i < batch; ++i) {
        const DrainResult result = DispatchNext(classes, dispatch);
        if (result == DrainResult::kDrained) continue;
        Release(i);
        return result;
      }
      Release(batch);
      pending -= batch;
      if (deadline.Passed()) return pending == 0 ? DrainResult::kDrained : DrainResult::kOutOfTime;
    }
    return DrainResult::kDrained;
  }

  // The largest number of pending events that a drain found. Runtime thread.
  [[nodiscard]] uint32_t deepest() const noexcept { return deepest_; }

 private:
  // Often enough that a full ring has room again soon, seldom enough that the line `head` stands on
  // is not taken from the producer for each event.
  static constexpr uint32_t kReleaseEvery = 64;

  // kDrained: the cursor is behind the event.
  template <typename Dispatch>
  [[nodiscard]] DrainResult DispatchNext(const EventClassRegistry& classes,
                                         Dispatch&& dispatch) noexcept {
    if (record_words_ - cursor_ < RingLayout::kMaxRecordWords) cursor_ = 0;
    const EventRecord record(records_ + cursor_ * RingLayout::kWordBytes);
    const EventClass* event_class = classes.Find(record.U32(0));
    if (event_class == nullptr) return DrainResult::kCorrupt;
    if (!dispatch(*event_class, record)) return DrainResult::kRefused;
    cursor_ += event_class->words();
    return DrainResult::kDrained;
  }

  void Release(uint32_t count) noexcept;
  [[nodiscard]] uint32_t HeadAt(uint64_t dispatched) const noexcept {
    return first_ + static_cast<uint32_t>(dispatched);
  }

  std::byte* const memory_;
  const void* const producer_;
  const SharedRingWords words_;
  const RingConsumerSteps<SharedRingWords> steps_;
  std::byte* const records_;
  const size_t record_words_;
  const uint32_t queue_max_size_;
  ThreadReader reader_;
  std::function<void()> due_;  // runtime thread
  size_t cursor_ = 0;          // runtime thread: the next record, in words
  uint32_t deepest_ = 0;       // runtime thread
  const uint32_t first_;       // where head and tail started
  uint64_t dispatched_ = 0;    // written by the runtime thread (release), read by Read
};

}  // namespace metrics_runtime
