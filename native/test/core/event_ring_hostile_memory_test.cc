// Shared memory in which somebody else than a producer has written.
#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "core/event_ring.h"
#include "support/open_ring.h"

namespace metrics_runtime::test {

TEST_CASE("event ring: takes a tail at the bound and refuses one beyond it without a dispatch") {
  for (const uint32_t tail : {9u, 10u, 0x8000'0000u, 0xffff'ffffu}) {
    CAPTURE(tail);
    OpenRing open(8);
    while (open.producer.Offer(open.small, {1}) == Offered::kAccepted) {
    }
    open.producer.SetWordAt(RingLayout::kTailOffset, tail);
    int seen = 0;
    CHECK(open.Drain([&](auto&, auto&) { ++seen; }) == DrainResult::kCorrupt);
    CHECK(seen == 0);
    CHECK(open.head() == 0);
    open.producer.SetWordAt(RingLayout::kTailOffset, 8);
    CHECK(open.Drained().size() == 8);
  }
}

TEST_CASE("event ring: refuses a tail that went back behind the head") {
  OpenRing open(8);
  REQUIRE(open.producer.Offer(open.small, {1}) == Offered::kAccepted);
  REQUIRE(open.Drained().size() == 1);
  open.producer.SetWordAt(RingLayout::kTailOffset, 0);
  CHECK(open.Drain([](auto&, auto&) {}) == DrainResult::kCorrupt);
}

TEST_CASE("event ring: does not believe a head that the producer wrote") {
  OpenRing open(8);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(open.producer.Offer(open.small, {1.0 * i}) == Offered::kAccepted);
  }
  open.producer.SetWordAt(RingLayout::kHeadOffset, 2);
  CHECK(open.Drained() == std::vector<double>{0, 1, 2});
  CHECK(open.head() == 3);
}

TEST_CASE("event ring: refuses a record of an unknown class and stops in front of it") {
  for (const uint32_t id :
       {3u, EventClassRegistry::kMaxClasses - 1, EventClassRegistry::kMaxClasses, 0xffff'ffffu}) {
    CAPTURE(id);
    OpenRing open(8);
    REQUIRE(open.producer.Offer(open.small, {1}) == Offered::kAccepted);
    const size_t second = open.producer.next_record_offset();
    REQUIRE(open.producer.Offer(open.small, {2}) == Offered::kAccepted);
    open.producer.SetWordAt(second, id);
    std::vector<double> seen;
    CHECK(open.Drain([&](const EventClass& event_class, const EventRecord& record) {
      seen.push_back(OpenRing::First(event_class, record));
    }) == DrainResult::kCorrupt);
    CHECK(seen == std::vector<double>{1});
  }
}

TEST_CASE("event ring: reads a count that no producer writes as zero") {
  OpenRing open(4);
  for (const double value : {-1.0, 1e300, std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity()}) {
    CAPTURE(value);
    open.producer.SetCountAt(RingLayout::kDroppedOffset, value);
    open.producer.SetCountAt(RingLayout::kInvalidOffset, value);
    CHECK(open.ring.Read().dropped == 0);
    CHECK(open.ring.Read().invalid == 0);
  }
}

}  // namespace metrics_runtime::test
