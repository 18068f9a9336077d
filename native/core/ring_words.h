// The words of one ring by name, and every access with its order in its name: what ring_protocol.h
// is written over. This is the production policy, over the memory shared with JavaScript; tests and
// models bring policies with the same members over std::atomic and over a model checker's atomics.
//
// Threads: as RingLayout says, word by word.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/ring_layout.h"
#include "core/shared_word.h"

namespace metrics_runtime {

enum class RingWord : uint8_t {
  kTail,
  kBusy,
  kTaken,
  kHandled,
  kReading,
  kHead,
  kState,
  kWithheld,
  kShared,
  kWake
};

// How many there are.
inline constexpr size_t kRingWords = static_cast<size_t>(RingWord::kWake) + 1;

class SharedRingWords {
 public:
  // `memory`: as EventRing takes it.
  explicit SharedRingWords(std::byte* memory) noexcept : memory_(memory) {}

  [[nodiscard]] uint32_t LoadRelaxed(RingWord word) const noexcept {
    return metrics_runtime::LoadRelaxed(At(word));
  }
  [[nodiscard]] uint32_t LoadAcquire(RingWord word) const noexcept {
    return metrics_runtime::LoadAcquire(At(word));
  }
  [[nodiscard]] uint32_t LoadSeqCst(RingWord word) const noexcept {
    return metrics_runtime::LoadSeqCst(At(word));
  }
  void StoreRelaxed(RingWord word, uint32_t value) const noexcept {
    metrics_runtime::StoreRelaxed(At(word), value);
  }
  void StoreRelease(RingWord word, uint32_t value) const noexcept {
    metrics_runtime::StoreRelease(At(word), value);
  }
  void StoreSeqCst(RingWord word, uint32_t value) const noexcept {
    metrics_runtime::StoreSeqCst(At(word), value);
  }
  // The value before.
  uint32_t ExchangeSeqCst(RingWord word, uint32_t value) const noexcept {
    return metrics_runtime::ExchangeSeqCst(At(word), value);
  }
  // The value before.
  uint32_t FetchOrSeqCst(RingWord word, uint32_t bits) const noexcept {
    return metrics_runtime::FetchOrSeqCst(At(word), bits);
  }
  // The producer's half of the asymmetric barrier: it holds back the compiler; the processor is
  // held back by the closer's half, runtime/process_barrier.h.
  static void LightBarrier() noexcept { std::atomic_signal_fence(std::memory_order_seq_cst); }

 private:
  [[nodiscard]] static constexpr size_t OffsetOf(RingWord word) noexcept {
    switch (word) {
      case RingWord::kTail:
        return RingLayout::kTailOffset;
      case RingWord::kBusy:
        return RingLayout::kBusyOffset;
      case RingWord::kTaken:
        return RingLayout::kTakenOffset;
      case RingWord::kHandled:
        return RingLayout::kHandledOffset;
      case RingWord::kReading:
        return RingLayout::kReadingOffset;
      case RingWord::kHead:
        return RingLayout::kHeadOffset;
      case RingWord::kState:
        return RingLayout::kStateOffset;
      case RingWord::kWithheld:
        return RingLayout::kWithheldOffset;
      case RingWord::kShared:
        return RingLayout::kSharedOffset;
      case RingWord::kWake:
        break;
    }
    return RingLayout::kWakeOffset;
  }
  [[nodiscard]] uint32_t* At(RingWord word) const noexcept {
    return reinterpret_cast<uint32_t*>(memory_ + OffsetOf(word));
  }

  std::byte* memory_;
};

}  // namespace metrics_runtime
