// A ring that its own producer reads a second time: what it counts and whom it tells.
#include <doctest/doctest.h>

#include "core/event_ring.h"
#include "support/open_ring.h"
#include "support/ring_reader.h"

namespace metrics_runtime::test {

namespace {

struct OpenReadRing : OpenRing {
  explicit OpenReadRing(uint32_t first_event = 0)
      : OpenRing(
            8, [] {}, first_event) {
    reader.Open();
  }
  void Offer(int events) {
    for (; events > 0; --events) REQUIRE(producer.Offer(small, {1}) == Offered::kAccepted);
  }
  void CheckCounts(uint64_t dispatched, uint64_t pending, uint64_t unhandled) {
    const RingCounts counts = ring.Read();
    CHECK(counts.dispatched == dispatched);
    CHECK(counts.pending == pending);
    CHECK(counts.unhandled == unhandled);
    CHECK(counts.accepted() == dispatched + pending);
  }

  RingReader reader{producer};
};

}  // namespace

TEST_CASE("event ring: what was dispatched is unhandled until its own thread has handled it") {
  for (const uint32_t first_event : {0u, 0x7fff'fffeu, 0xffff'fffeu}) {
    CAPTURE(first_event);
    OpenReadRing open(first_event);
    open.Offer(3);
    open.CheckCounts(0, 3, 0);
    CHECK(open.Drained().size() == 3);
    open.CheckCounts(3, 0, 3);
    open.Offer(2);
    open.CheckCounts(3, 2, 3);
    REQUIRE(open.reader.Take());
    open.CheckCounts(3, 2, 3);
    open.reader.Release();
    open.CheckCounts(3, 2, 2);
    CHECK(open.reader.Handle() == 4);
    open.CheckCounts(3, 2, 0);
    CHECK(open.Drained().size() == 2);
    open.CheckCounts(5, 0, 0);
  }
}

TEST_CASE("event ring: without a reader nothing is unhandled or undelivered") {
  OpenReadRing open;
  open.reader.Close();
  open.Offer(3);
  CHECK(open.Drained().size() == 3);
  open.CheckCounts(3, 0, 0);
  open.ring.RetireReader();
  CHECK(open.ring.Read().undelivered == 0);
}

TEST_CASE("event ring: what a retired reader had not taken is undelivered and not unhandled") {
  OpenReadRing open;
  open.Offer(4);
  CHECK(open.Drained().size() == 4);
  open.Offer(2);
  CHECK(open.reader.Handle(1) == 1);
  open.ring.RetireReader();
  open.CheckCounts(4, 2, 0);
  CHECK(open.ring.Read().undelivered == 5);
  open.Offer(1);
  open.CheckCounts(4, 3, 0);
  CHECK(open.ring.Read().undelivered == 5);
}

TEST_CASE("event ring: signals the reader exactly while it holds events and when it is retired") {
  OpenReadRing open;
  int signals = 0;
  open.ring.NotifyReader([&] { ++signals; });
  open.ring.SignalReader();
  CHECK(signals == 0);
  open.Offer(2);
  open.ring.SignalReader();
  open.ring.SignalReader();
  CHECK(signals == 2);
  CHECK(open.reader.Handle(1) == 1);
  open.ring.SignalReader();
  CHECK(signals == 3);
  CHECK(open.reader.Handle() == 1);
  open.ring.SignalReader();
  CHECK(signals == 3);
  open.Offer(1);
  open.ring.RetireReader();
  CHECK(signals == 4);
  open.ring.SignalReader();
  CHECK(signals == 4);
}

TEST_CASE("event ring: signals nobody where nobody asked for it") {
  OpenReadRing open;
  open.Offer(1);
  open.ring.SignalReader();
  open.ring.RetireReader();
  CHECK(open.ring.Read().undelivered == 1);
}

}  // namespace metrics_runtime::test
