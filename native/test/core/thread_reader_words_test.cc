// What stands in the words of a thread that reads its own ring: any number, at any place.
#include <doctest/doctest.h>

#include "core/thread_reader.h"
#include "support/read_words.h"

namespace metrics_runtime::test {

TEST_CASE("thread reader: counts the same where positions pass the limits of a word") {
  for (const uint32_t limit : {0x8000'0000u, 0u}) {
    for (uint32_t before = 0; before <= kSize; ++before) {
      CAPTURE(limit);
      CAPTURE(before);
      ReadWords read(limit - before);
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
      ReadWords read;
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
