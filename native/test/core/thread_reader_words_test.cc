// What stands in the words of a thread that reads its own ring: any number, at any place.
#include <doctest/doctest.h>

#include "core/thread_reader.h"
#include "support/ring_reader.h"

namespace metrics_runtime::test {

namespace {

constexpr uint32_t kSize = 8;

// Both ends of the words, and a tail that moves without records.
struct Read {
  explicit Read(uint32_t first_event = 0)
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

}  // namespace

TEST_CASE("thread reader: counts the same where positions pass the limits of a word") {
  for (const uint32_t limit : {0x8000'0000u, 0u}) {
    for (uint32_t before = 0; before <= kSize; ++before) {
      CAPTURE(limit);
      CAPTURE(before);
      Read read(limit - before);
      read.reader.Open();
      for (uint32_t published = 1; published <= kSize; ++published) {
        read.Publish(1);
        REQUIRE(read.native.Held() == published);
      }
      for (uint32_t handled = 1; handled <= 5; ++handled) {
        REQUIRE(read.reader.Handle(1) == 1);
        REQUIRE_FALSE(read.reader.retired());
        REQUIRE(read.native.Held() == kSize - handled);
      }
      read.native.Retire();
      CHECK(read.native.undelivered() == kSize - 5);
    }
  }
}

TEST_CASE("thread reader: garbage in its words counts for no more than the bound") {
  for (const uint32_t garbage : {9u, 0x1234'5678u, 0x7fff'ffffu, 0x8000'0009u, 0xffff'ffffu}) {
    for (const size_t offset : {RingLayout::kTailOffset, RingLayout::kTakenOffset,
                                RingLayout::kHandledOffset, RingLayout::kReadingOffset}) {
      CAPTURE(garbage);
      CAPTURE(offset);
      Read read;
      read.reader.Open();
      read.Publish(3);
      read.producer.SetWordAt(offset, garbage);
      CHECK(read.native.Held() <= kSize);
      read.native.Retire();
      CHECK(read.native.undelivered() <= kSize);
    }
  }
}

}  // namespace metrics_runtime::test
