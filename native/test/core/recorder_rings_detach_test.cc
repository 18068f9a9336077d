// A recorder that lets go of several rings, while their producers still have the memory.
#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "support/refused_memory.h"
#include "support/ringed_recorder.h"

namespace metrics_runtime::test {

namespace {

bool Same(const RecorderStats& one, const RecorderStats& other) {
  return one.accepted == other.accepted && one.dispatched == other.dispatched &&
         one.pending == other.pending && one.dropped == other.dropped &&
         one.invalid == other.invalid;
}

// Ring i: i + 1 dispatched, 4 pending, i + 2 dropped, i + 3 invalid.
struct Counted : RingedRecorder {
  Counted() : RingedRecorder(4, 3) {
    for (size_t i = 0; i < 3; ++i) {
      for (size_t event = 0; event <= i; ++event) (void)Offer(i);
    }
    REQUIRE(Drain() == 6);
    for (size_t i = 0; i < 3; ++i) {
      REQUIRE(Fill(i) == 4);
      for (size_t event = 0; event <= i; ++event) REQUIRE(Offer(i) == Offered::kDropped);
      for (size_t event = 0; event < i + 3; ++event) CountInvalid(i);
    }
  }
};

}  // namespace

TEST_CASE("recorder rings: letting go keeps the counts of all rings and adds nothing") {
  Counted ringed;
  const RecorderStats before = ringed.recorder.ReadStats();
  CHECK(before.dispatched == 6);
  CHECK(before.pending == 12);
  CHECK(before.accepted == 18);
  CHECK(before.dropped == 9);
  CHECK(before.invalid == 12);
  CHECK_FALSE(ringed.recorder.let_go());
  ringed.recorder.DetachRings();
  CHECK(ringed.recorder.let_go());
  CHECK(Same(ringed.recorder.ReadStats(), before));
  ringed.recorder.DetachRings();
  CHECK(ringed.recorder.let_go());
  CHECK(Same(ringed.recorder.ReadStats(), before));
  CHECK(ringed.Snapshots() == ringed.SnapshotsOf({1, 2, 3}));
}

TEST_CASE("recorder rings: what a producer writes into memory that was let go changes nothing") {
  Counted ringed;
  const RecorderStats before = ringed.recorder.ReadStats();
  ringed.recorder.DetachRings();
  for (size_t i = 0; i < 3; ++i) {
    RingProducer& producer = ringed.rings[i]->producer;
    // As if it were drained still: it goes on, and then it is not a producer any more.
    producer.SetWordAt(RingLayout::kHeadOffset, producer.WordAt(RingLayout::kTailOffset));
    CHECK(ringed.Fill(i) == 4);
    ringed.CountInvalid(i);
    CHECK(Same(ringed.recorder.ReadStats(), before));
    producer.SetWordAt(RingLayout::kTailOffset, 0x1234'5678);
    producer.SetWordAt(RingLayout::kBusyOffset, 1);
    producer.SetCountAt(RingLayout::kDroppedOffset, 1e6);
    producer.SetCountAt(RingLayout::kInvalidOffset, 1e6);
    CHECK(Same(ringed.recorder.ReadStats(), before));
  }
  CHECK_FALSE(ringed.recorder.ProducerInside());
  CHECK(ringed.Drain() == 0);
  CHECK(ringed.recorder.state() == RecorderState::kRunning);
  CHECK(Same(ringed.recorder.ReadStats(), before));
  CHECK(ringed.Snapshots() == ringed.SnapshotsOf({1, 2, 3}));
}

TEST_CASE("recorder rings: the memory of rings that were let go may be gone") {
  Counted ringed;
  ringed.recorder.DetachRings();
  const RecorderStats before = ringed.recorder.ReadStats();
  ringed.rings.clear();  // AddressSanitizer and valgrind watch from here
  CHECK(Same(ringed.recorder.ReadStats(), before));
  CHECK_FALSE(ringed.recorder.Transition(RecorderState::kRunning, RecorderState::kStopping));
  CHECK_FALSE(ringed.recorder.ProducerInside());
  CHECK(ringed.Drain() == 0);
  ringed.recorder.DetachRings();
  CHECK(Same(ringed.recorder.ReadStats(), before));
}

TEST_CASE("recorder rings: a recorder that failed lets go of all rings with what they held") {
  Counted ringed;
  ringed.rings[1]->producer.SetWordAt(RingLayout::kTailOffset, 0x8000'0000);
  REQUIRE(ringed.Drain() == 4);
  const RecorderStats before = ringed.recorder.ReadStats();
  CHECK(before.dispatched == 10);
  CHECK(before.pending == 8);
  ringed.recorder.DetachRings();
  ringed.rings.clear();
  CHECK(ringed.recorder.state() == RecorderState::kFailure);
  CHECK(Same(ringed.recorder.ReadStats(), before));
}

TEST_CASE("recorder rings: one that comes after the rings were let go is not taken") {
  RingedRecorder ringed(4, std::vector<RingedRecorder::RingOptions>(2));
  ringed.Attach(0);
  REQUIRE(ringed.recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
  ringed.recorder.DetachRings();
  ringed.Attach(1);
  CHECK(ringed.recorder.let_go());
  CHECK(ringed.Offer(1) == Offered::kClosed);
  CHECK(ringed.Drain() == 0);
  CHECK(ringed.recorder.ReadStats().accepted == 0);
}

TEST_CASE("recorder rings: a producer whose ring was refused memory finds it closed") {
  RingedRecorder ringed(4, std::vector<RingedRecorder::RingOptions>(2));
  ringed.Attach(0);
  REQUIRE(ringed.recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
  auto ring = std::make_unique<EventRing>(ringed.rings[1]->producer.memory(), 4u);
  CHECK(IsRefused(0, [&] { ringed.recorder.AttachRing(std::move(ring)); }));
  CHECK_FALSE(ringed.rings[1]->producer.open());
  CHECK(ringed.Offer(1) == Offered::kClosed);
}

}  // namespace metrics_runtime::test
