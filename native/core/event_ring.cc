#include "core/event_ring.h"

#include <algorithm>

#include "core/shared_word.h"

namespace metrics_runtime {

EventRing::EventRing(std::byte* memory, uint32_t queue_max_size, const void* producer) noexcept
    : memory_(memory),
      producer_(producer),
      words_(memory),
      steps_(words_),
      records_(memory + RingLayout::kRecordsOffset),
      record_words_(RingLayout::RecordWords(queue_max_size)),
      queue_max_size_(queue_max_size),
      reader_(words_, queue_max_size),
      first_(words_.LoadRelaxed(RingWord::kHead)) {}

void EventRing::WriteState(RecorderState state) noexcept { steps_.TellState(state); }

void EventRing::Release(uint32_t count) noexcept {
  const uint64_t dispatched = dispatched_ + count;
  // release: pairs with the acquire in Read, which must not then see a tail from before ours.
  StoreRelease(&dispatched_, dispatched);
  steps_.Release(HeadAt(dispatched));
}

RingCounts EventRing::Read() const noexcept {
  RingCounts counts;
  // dispatched before tail: the tail then read is never behind it. acquire: pairs with Release.
  counts.dispatched = LoadAcquire(&dispatched_);
  const uint32_t tail = words_.LoadAcquire(RingWord::kTail);
  // No more than the bound: this thread may have slept between the two, or the tail be garbage.
  counts.pending = std::min(tail - HeadAt(counts.dispatched), queue_max_size_);
  counts.unhandled = std::max<uint64_t>(reader_.HeldBefore(tail), counts.pending) - counts.pending;
  counts.undelivered = reader_.undelivered();
  const auto count_at = [this](size_t offset) {
    const double value = LoadRelaxed(reinterpret_cast<const double*>(memory_ + offset));
    // Only a producer that breaks the protocol writes anything else here.
    return value >= 0 && value < 9e15 ? static_cast<uint64_t>(value) : 0;
  };
  counts.dropped = count_at(RingLayout::kDroppedOffset);
  counts.invalid = count_at(RingLayout::kInvalidOffset);
  return counts;
}

}  // namespace metrics_runtime
