#include "core/event_ring.h"

#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <vector>

#include "support/open_ring.h"

namespace metrics_runtime::test {

TEST_CASE("event ring: gives back every field of a record as it was written") {
  OpenRing open(4);
  const EventClass& mixed =
      Registered(open.classes, "mixed",
                 {Float64("a"), Uint32("b"), Float64("c"), Boolean("d"), OneOf("e", {"x", "y"})});
  REQUIRE(open.producer.Offer(mixed, {1.5, 4294967295.0, -0.25, 1, 1}) == Offered::kAccepted);
  int seen = 0;
  CHECK(open.Drain([&](const EventClass& event_class, const EventRecord& record) {
    ++seen;
    CHECK(&event_class == &mixed);
    CHECK(record.F64(mixed.offset(0)) == 1.5);
    CHECK(record.U32(mixed.offset(1)) == 4294967295u);
    CHECK(record.F64(mixed.offset(2)) == -0.25);
    CHECK(record.U32(mixed.offset(3)) == 1);
    CHECK(record.U32(mixed.offset(4)) == 1);
  }) == DrainResult::kDrained);
  CHECK(seen == 1);
}

TEST_CASE("event ring: drops nothing and keeps order across many wraps") {
  std::mt19937 random(1);
  for (const uint32_t size : {1u, 2u, 3u, 7u, 64u, 100u}) {
    CAPTURE(size);
    OpenRing open(size);
    const std::vector<const EventClass*> classes = {&open.small, &open.medium, &open.large};
    uint32_t offered = 0;
    uint32_t dispatched = 0;
    bool in_order = true;
    while (dispatched < 20'000) {
      for (auto burst = random() % (size + 1); burst > 0; --burst) {
        if (offered - dispatched == size) break;
        const EventClass& event_class = *classes[random() % classes.size()];
        REQUIRE(open.producer.Offer(event_class, {static_cast<double>(offered)}) ==
                Offered::kAccepted);
        ++offered;
      }
      for (const double value : open.Drained()) {
        in_order = in_order && value == static_cast<double>(dispatched++);
      }
      REQUIRE(dispatched == offered);
    }
    CHECK(in_order);
    CHECK(open.ring.Read().dropped == 0);
  }
}

TEST_CASE("event ring: accepts exactly the bound at every size and for every length of record") {
  for (const uint32_t size : {1u, 2u, 3u, 5u, 63u, 64u, 65u, 129u, 1000u}) {
    for (const bool large : {false, true}) {
      CAPTURE(size);
      CAPTURE(large);
      OpenRing open(size);
      const EventClass& event_class = large ? open.large : open.small;
      // Three times, so that the bound meets every place of the wrap.
      for (int lap = 0; lap < 3; ++lap) {
        uint32_t accepted = 0;
        while (open.producer.Offer(event_class, {1}) == Offered::kAccepted) ++accepted;
        CHECK(accepted == size);
        CHECK(open.producer.Offer(event_class, {2}) == Offered::kDropped);
        const std::vector<double> drained = open.Drained();
        CHECK(drained == std::vector<double>(size, 1));  // the dropped ones wrote over nothing
      }
      CHECK(open.ring.Read().dropped == 6);
    }
  }
}

TEST_CASE("event ring: keeps bound and order and counts where tail and head pass 2^31 and 2^32") {
  constexpr uint32_t kSize = 5;
  for (const uint32_t wrap : {0x8000'0000u, 0u}) {
    for (uint32_t before = 0; before < 3 * kSize; ++before) {
      CAPTURE(wrap);
      CAPTURE(before);
      const uint32_t first = wrap - before;
      OpenRing open(
          kSize, [] {}, first);
      uint32_t accepted = 0;
      for (uint32_t lap = 0; lap < 5; ++lap) {
        std::vector<double> offered;
        while (open.producer.Offer(open.medium, {1.0 * accepted}) == Offered::kAccepted) {
          offered.push_back(accepted++);
        }
        REQUIRE(offered.size() == kSize);
        REQUIRE(open.ring.Read().pending == kSize);
        REQUIRE(open.Drained() == offered);
        REQUIRE(open.head() == first + accepted);
        const RingCounts counts = open.ring.Read();
        REQUIRE(counts.dispatched == accepted);
        REQUIRE(counts.pending == 0);
      }
      open.producer.SetWordAt(RingLayout::kTailOffset, first + accepted + kSize + 1);
      REQUIRE(open.Drain([](auto&, auto&) {}) == DrainResult::kCorrupt);
    }
  }
}

TEST_CASE("event ring: leaves pending what is refused and all that comes behind it") {
  OpenRing open(200);
  for (int i = 0; i < 150; ++i) (void)open.producer.Offer(open.small, {1.0 * i});
  int seen = 0;
  CHECK(open.ring.Drain(open.classes, open.never, [&](auto&, auto&) { return ++seen <= 100; }) ==
        DrainResult::kRefused);
  CHECK(seen == 101);
  CHECK(open.ring.Read().dispatched == 100);
  CHECK(open.ring.Read().pending == 50);
  CHECK(open.Drained().front() == 100);
}

TEST_CASE("event ring: frees the space of a record only after its dispatch") {
  OpenRing open(200);
  while (open.producer.Offer(open.medium, {1}) == Offered::kAccepted) {
  }
  uint32_t dispatched = 0;
  bool early = false;
  (void)open.Drain([&](auto&, auto&) { early = early || open.head() > dispatched++; });
  CHECK_FALSE(early);
  CHECK(dispatched == 200);
  CHECK(open.head() == 200);
}

TEST_CASE("event ring: frees space every 64 events while it drains") {
  OpenRing open(200);
  while (open.producer.Offer(open.small, {1}) == Offered::kAccepted) {
  }
  std::vector<uint32_t> heads;
  (void)open.Drain([&](auto&, auto&) {
    if (heads.empty() || heads.back() != open.head()) heads.push_back(open.head());
  });
  CHECK(heads == std::vector<uint32_t>{0, 64, 128, 192});
}

TEST_CASE("event ring: dispatches what was published when it began and leaves what came since") {
  OpenRing open(8);
  for (int i = 0; i < 2; ++i) {
    REQUIRE(open.producer.Offer(open.small, {1}) == Offered::kAccepted);
  }
  int seen = 0;
  CHECK(open.Drain([&](auto&, auto&) {
    ++seen;
    CHECK(open.producer.Offer(open.small, {2}) == Offered::kAccepted);
  }) == DrainResult::kDrained);
  CHECK(seen == 2);
  CHECK(open.Drained() == std::vector<double>{2, 2});
}

TEST_CASE("event ring: asks for a drain when half full and again only after a drain began") {
  int wakes = 0;
  OpenRing open(8, [&] { ++wakes; });
  for (int i = 0; i < 3; ++i) {
    REQUIRE(open.producer.Offer(open.small, {1}) == Offered::kAccepted);
  }
  CHECK(wakes == 0);
  while (open.producer.Offer(open.small, {1}) == Offered::kAccepted) {
  }
  CHECK(open.producer.Offer(open.small, {1}) == Offered::kDropped);
  CHECK(wakes == 1);
  // Once the drain has begun, what is published may be too late for it: so it must be asked again.
  (void)open.Drain(
      [&](auto&, auto&) { CHECK(open.producer.Offer(open.small, {1}) == Offered::kDropped); });
  CHECK(wakes == 2);
}

TEST_CASE("event ring: resets the wake word also when there is nothing to drain") {
  OpenRing open(8);
  open.producer.SetWordAt(RingLayout::kWakeOffset, 1);
  CHECK(open.Drained().empty());
  CHECK(open.producer.WordAt(RingLayout::kWakeOffset) == 0);
}

TEST_CASE("event ring: stops soon after the deadline and leaves the rest pending") {
  OpenRing open(200);
  while (open.producer.Offer(open.medium, {1}) == Offered::kAccepted) {
  }
  Deadline deadline;
  int seen = 0;
  CHECK(open.ring.Drain(open.classes, deadline, [&](auto&, auto&) {
    if (++seen == 70) deadline.ExpireIn(std::chrono::nanoseconds(0));
    return true;
  }) == DrainResult::kOutOfTime);
  CHECK(seen == 128);
  CHECK(open.ring.Read().dispatched == 128);
  CHECK(open.ring.Read().pending == 72);
  CHECK(open.Drained().size() == 72);
}

TEST_CASE("event ring: has drained when the deadline passes with its last event") {
  OpenRing open(8);
  REQUIRE(open.producer.Offer(open.small, {1}) == Offered::kAccepted);
  Deadline deadline;
  deadline.ExpireIn(std::chrono::nanoseconds(0));
  CHECK(open.ring.Drain(open.classes, deadline, [](auto&, auto&) { return true; }) ==
        DrainResult::kDrained);
}

TEST_CASE("event ring: accounts for every event offered to it") {
  OpenRing open(4);
  for (int i = 0; i < 6; ++i) (void)open.producer.Offer(open.small, {1});
  open.producer.CountInvalid();
  RingCounts counts = open.ring.Read();
  CHECK(counts.dispatched == 0);
  CHECK(counts.pending == 4);
  CHECK(counts.dropped == 2);
  CHECK(counts.invalid == 1);
  (void)open.Drained();
  REQUIRE(open.producer.Offer(open.small, {1}) == Offered::kAccepted);
  counts = open.ring.Read();
  CHECK(counts.dispatched == 4);
  CHECK(counts.pending == 1);
}

TEST_CASE("event ring: remembers the deepest queue that a drain found") {
  OpenRing open(8);
  CHECK(open.ring.deepest() == 0);
  for (const int depth : {2, 5, 3}) {
    for (int i = 0; i < depth; ++i) (void)open.producer.Offer(open.small, {1});
    (void)open.Drained();
  }
  CHECK(open.ring.deepest() == 5);
}

TEST_CASE("event ring: tells the producer the state") {
  OpenRing open(4);
  for (const auto& [state, takes] : {std::pair{RecorderState::kVirgin, false},
                                     {RecorderState::kStarting, true},
                                     {RecorderState::kRunning, true},
                                     {RecorderState::kStopping, false},
                                     {RecorderState::kStopped, false},
                                     {RecorderState::kFailure, false}}) {
    open.ring.WriteState(state);
    CHECK(open.producer.WordAt(RingLayout::kStateOffset) == static_cast<uint32_t>(state));
    CHECK((open.producer.Offer(open.small, {1}) != Offered::kClosed) == takes);
  }
}

}  // namespace metrics_runtime::test
