// The second reader of a ring: the JavaScript thread that produces into it, for the metrics that
// run in that thread. Here is what the native side sees and does of it;
// src/recorder/event-reader.ts is the reader.
//
//   reading    kReads while that thread reads; written by it, which first sets the other two.
//              kEnds, written by the native side on that thread, when it runs no more JavaScript:
//              then nobody waits for it
//   taken      the event that it takes next, modulo 2^31. It takes one by compare-and-exchange,
//              before it hands it to a metric; the native side retires the reader by setting the
//              highest bit, after which no event is taken. One word, so that each event is either
//              taken or counted as undelivered, whoever comes first
//   handled    everything before it was handled: the place is free, for its part
//   withheld   1 while events are not to be taken yet, since the start that they were accepted in
//              may be taken back; written by the native side before it tells the state
//
// Threads: Retire and Withhold, the runtime thread; the others any thread that holds the owning
// recorder's lock, or the runtime thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/ring_words.h"
#include "core/shared_word.h"

namespace metrics_runtime {

class ThreadReader {
 public:
  static constexpr uint32_t kRetired = 1u << 31;
  static constexpr uint32_t kReads = 1;
  static constexpr uint32_t kEnds = 2;
  // Twice any bound; a greater difference is a negative one.
  static constexpr uint32_t kMostHeld = 1u << 25;

  ThreadReader(SharedRingWords words, uint32_t queue_max_size) noexcept
      : words_(words), queue_max_size_(queue_max_size) {}
  ThreadReader(const ThreadReader&) = delete;
  ThreadReader& operator=(const ThreadReader&) = delete;

  // How many published events it has not handled yet; none, when nobody reads.
  [[nodiscard]] uint32_t Held() const noexcept {
    return HeldBefore(words_.LoadAcquire(RingWord::kTail));
  }
  // Of those before `tail`.
  [[nodiscard]] uint32_t HeldBefore(uint32_t tail) const noexcept {
    // acquire: pairs with the thread's release, after it has set the others.
    if (words_.LoadAcquire(RingWord::kReading) != kReads) return 0;
    if ((words_.LoadAcquire(RingWord::kTaken) & kRetired) != 0) return 0;
    const uint32_t held = tail - words_.LoadAcquire(RingWord::kHandled);
    if (held > kMostHeld) return 0;  // it has handled more meanwhile
    // No more than the bound: what stands there may be garbage, or this thread may have slept.
    return std::min(held, queue_max_size_);
  }

  // It takes no further event; those it has not taken count as undelivered, once.
  void Retire() noexcept {
    if (words_.LoadAcquire(RingWord::kReading) == 0) return;
    // seq_cst, as JavaScript's compare-and-exchange: of the two, one sees the other.
    const uint32_t taken = words_.FetchOrSeqCst(RingWord::kTaken, kRetired);
    if ((taken & kRetired) != 0) return;
    const uint32_t left = (words_.LoadAcquire(RingWord::kTail) - taken) & ~kRetired;
    // relaxed: a number on its own.
    StoreRelaxed(&undelivered_, undelivered_ + std::min(left, queue_max_size_));
  }

  void Withhold(bool withheld) const noexcept {
    words_.StoreSeqCst(RingWord::kWithheld, withheld ? 1 : 0);
  }

  // On the thread itself, after its last JavaScript.
  static void End(SharedRingWords words) noexcept {
    if (words.LoadRelaxed(RingWord::kReading) != 0) words.StoreRelease(RingWord::kReading, kEnds);
  }

  // Published events that were never taken.
  [[nodiscard]] uint64_t undelivered() const noexcept { return LoadRelaxed(&undelivered_); }

 private:
  const SharedRingWords words_;
  const uint32_t queue_max_size_;
  uint64_t undelivered_ = 0;  // written by the runtime thread
};

}  // namespace metrics_runtime
