// The second reader of a ring without JavaScript: what src/recorder/event-reader.ts does to the
// words that core/thread_reader.h describes. It leaves the records alone: an event is its position.
//
// Threads: one, the producer's. The memory is the producer's.
#pragma once

#include <cstdint>

#include "core/ring_words.h"
#include "support/ring_producer.h"

namespace metrics_runtime::test {

class RingReader {
 public:
  explicit RingReader(RingProducer& producer) noexcept
      : memory_(producer.memory()), words_(memory_) {}

  // Reads on from the events that are published from now on.
  void Open() noexcept;
  void Close() noexcept;
  // Takes the event at `position`, which is before `end`. False: the native side was faster.
  [[nodiscard]] bool Take() noexcept;
  // What was taken is handled.
  void Release() noexcept;
  // Takes and releases `most` events; returns how many there were.
  uint32_t Handle(uint32_t most = ~0u) noexcept;

  [[nodiscard]] bool retired() const noexcept;
  [[nodiscard]] bool withheld() const noexcept;
  [[nodiscard]] bool stopping() const noexcept;
  // Of the event that is taken next, and of the one that is published next.
  [[nodiscard]] uint32_t position() const noexcept { return position_; }
  [[nodiscard]] uint32_t end() const noexcept { return words_.LoadAcquire(RingWord::kTail); }
  // How many published ones still take a place.
  [[nodiscard]] uint32_t held() const noexcept { return end() - handled_; }

 private:
  std::byte* memory_;
  SharedRingWords words_;
  uint32_t position_ = 0;
  uint32_t handled_ = 0;
};

}  // namespace metrics_runtime::test
