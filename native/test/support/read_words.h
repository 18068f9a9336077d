// The words of a thread that reads its own ring, with both who use them.
#pragma once

#include <cstdint>

#include "core/thread_reader.h"
#include "support/ring_reader.h"

namespace metrics_runtime::test {

inline constexpr uint32_t kSize = 8;

// Both ends of the words, and a tail that moves without records.
struct ReadWords {
  explicit ReadWords(uint32_t first_event = 0)
      : producer(
            kSize, [] {}, first_event) {}

  void Publish(uint32_t events) {
    producer.SetWordAt(RingLayout::kTailOffset, producer.WordAt(RingLayout::kTailOffset) + events);
  }
  uint32_t taken_word() { return producer.WordAt(RingLayout::kTakenOffset); }

  RingProducer producer;
  RingReader reader{producer};
  ThreadReader native{SharedRingWords(producer.memory()), kSize};
};

}  // namespace metrics_runtime::test
