// What the two ends of a ring do to its shared words, step by step, over any policy for the words
// (ring_words.h has the production one): publishing, the bound, waking, closing. Nothing else
// touches those words, so what a model checker says of these steps holds for what runs. The
// JavaScript producer repeats them: src/events/record-writer.ts and src/recorder/event-queue.ts.
//
// Publishing. The producer writes a record, then moves the tail (release); the consumer acquires
// the tail, reads, then moves the head (release), which the producer acquires before it writes to
// that place again.
//
// Waking. The producer stores the tail, then exchanges the wake word; the consumer exchanges the
// wake word, then loads the tail. Whichever exchange comes second reads what the first one wrote:
// either the consumer sees that tail, or the producer sees a 0 and wakes it. Both must be full
// read-modify-writes with acquire and release: each one-sided variant loses wakes.
//
// Closing. The producer sets `busy`, then reads the state; the closer writes the state, then reads
// `busy`. Neither may do its second step before its first is visible, or both go on: the producer
// would publish what nobody dispatches. The producer does this for each event, so on its fast path
// the cost stands with the closer, whose barrier runs in every thread of the process
// (runtime/process_barrier.h). Where there is none, producers pay with sequentially consistent
// accesses. Once the closer has seen `busy` at 0 (acquire), it sees
// every tail that was published under the old state, and there will be no other.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/recorder_state.h"
#include "core/ring_words.h"

namespace metrics_runtime {

// What keeps a producer's look at the state behind its `busy`: the closer's process-wide barrier,
// or the producer's own accesses.
enum class Entry { kClosersBarrier, kSeqCst };

// The producer's end. Threads: one, the producer's.
template <typename Words>
class RingProducerSteps {
 public:
  enum class Published { kYes, kFull, kClosed };

  // `first`: where tail and head begin.
  RingProducerSteps(Words words, Entry entry, uint32_t queue_max_size, uint32_t first) noexcept
      : words_(words),
        entry_(entry),
        queue_max_size_(queue_max_size),
        half_full_((queue_max_size + 1) / 2),
        look_every_(std::clamp(queue_max_size >> 2, 1u, kMostEventsBetweenLooks)),
        tail_(first),
        check_at_(first + look_every_) {}

  // The fast path. False: nothing happened, the careful path decides. `write` completes the record;
  // it must not throw.
  template <typename Write>
  [[nodiscard]] bool TryPublish(Write&& write) {
    const bool goes = Enter() == kRunning && tail_ != check_at_;
    if (goes) {
      write();
      words_.StoreRelease(RingWord::kTail, ++tail_);
    }
    Leave();
    return goes;
  }

  // As above, where the state or the room may stand in the way. `wake` asks for a turn of the
  // consumer; it is called outside of `busy`, since it may take its time.
  template <typename Write, typename Wake>
  [[nodiscard]] Published Publish(Write&& write, Wake&& wake) {
    if (!IsOpen(words_.LoadRelaxed(RingWord::kState))) return Published::kClosed;
    if (tail_ == check_at_ && !Look(wake)) return Published::kFull;
    const bool goes = IsOpen(Enter());
    if (goes) {
      write();
      words_.StoreSeqCst(RingWord::kTail, ++tail_);
    }
    Leave();
    return goes ? Published::kYes : Published::kClosed;
  }

  [[nodiscard]] bool open() const noexcept { return IsOpen(words_.LoadRelaxed(RingWord::kState)); }

 private:
  static constexpr uint32_t kMostEventsBetweenLooks = 64;
  static constexpr auto kStarting = static_cast<uint32_t>(RecorderState::kStarting);
  static constexpr auto kRunning = static_cast<uint32_t>(RecorderState::kRunning);

  [[nodiscard]] static bool IsOpen(uint32_t state) noexcept {
    return state == kRunning || state == kStarting;
  }

  // The state. From here until Leave nothing but the record may be touched, and nothing called.
  [[nodiscard]] uint32_t Enter() {
    if (entry_ == Entry::kSeqCst) {
      words_.StoreSeqCst(RingWord::kBusy, 1);
      return words_.LoadSeqCst(RingWord::kState);
    }
    words_.StoreRelaxed(RingWord::kBusy, 1);
    words_.LightBarrier();
    return words_.LoadRelaxed(RingWord::kState);
  }
  // release: who sees the 0 sees the tail.
  void Leave() { words_.StoreRelease(RingWord::kBusy, 0); }

  // Whether there is room for one more. Until the tail stands at `check_at_`, there is: the head
  // that was seen last says so.
  template <typename Wake>
  [[nodiscard]] bool Look(Wake& wake) {
    const uint32_t pending = tail_ - words_.LoadAcquire(RingWord::kHead);
    const bool full = pending >= queue_max_size_;
    if (pending >= half_full_) RequestDrain(full, wake);
    if (full) return false;
    check_at_ = tail_ + std::min(look_every_, queue_max_size_ - pending);
    return true;
  }

  // In a flood of drops a plain look at the word is enough: should it be stale, the next event
  // looks again.
  template <typename Wake>
  void RequestDrain(bool flooded, Wake& wake) {
    if (flooded && words_.LoadRelaxed(RingWord::kWake) == 1) return;
    words_.StoreSeqCst(RingWord::kTail, tail_);
    if (words_.ExchangeSeqCst(RingWord::kWake, 1) == 0) wake();
  }

  const Words words_;
  const Entry entry_;
  const uint32_t queue_max_size_;
  const uint32_t half_full_;
  const uint32_t look_every_;
  uint32_t tail_;
  uint32_t check_at_;
};

// The consumer's end. Threads: one, the consumer's; TellState and ProducerInside any.
template <typename Words>
class RingConsumerSteps {
 public:
  explicit RingConsumerSteps(Words words) noexcept : words_(words) {}

  // Returns the tail: everything before it may be read. From here on producers must wake again.
  [[nodiscard]] uint32_t BeginDrain() const noexcept {
    words_.ExchangeSeqCst(RingWord::kWake, 0);
    return words_.LoadAcquire(RingWord::kTail);
  }
  // Everything before `head` may be written again.
  void Release(uint32_t head) const noexcept { words_.StoreRelease(RingWord::kHead, head); }

  // Closing, first step. seq_cst, with ProducerInside and Entry::kSeqCst: of two that write one
  // word and then read the other's, one must see the other.
  void TellState(RecorderState state) const noexcept {
    words_.StoreSeqCst(RingWord::kState, static_cast<uint32_t>(state));
  }
  // Closing, asked after the barrier: a producer may have seen the state before, and what it is
  // about to publish may not be visible yet.
  [[nodiscard]] bool ProducerInside() const noexcept {
    return words_.LoadSeqCst(RingWord::kBusy) != 0;
  }

 private:
  const Words words_;
};

// Closing, second step; the first is TellState, the third a drain. Returns whether every producer
// has left: `inside` asks for them, `barrier` is the process-wide one, `pause` passes some time and
// returns false when there is none left.
template <typename Barrier, typename Inside, typename Pause>
[[nodiscard]] bool AwaitProducers(Barrier&& barrier, Inside&& inside, Pause&& pause) {
  barrier();
  while (inside()) {
    if (!pause()) return false;
  }
  return true;
}

}  // namespace metrics_runtime
