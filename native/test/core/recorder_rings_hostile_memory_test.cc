// A recorder with several rings, in the memory of one of which somebody else has written.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "support/ringed_recorder.h"

namespace metrics_runtime::test {

namespace {

constexpr uint32_t kSize = 8;

// Three rings with 1, 2 and 3 events that were dispatched and 4 each that were not.
struct HalfDrained : RingedRecorder {
  HalfDrained() : RingedRecorder(kSize, 3) {
    for (size_t i = 0; i < 3; ++i) {
      for (size_t event = 0; event <= i; ++event) REQUIRE(Offer(i) == Offered::kAccepted);
    }
    REQUIRE(Drain() == 6);
    for (size_t i = 0; i < 3; ++i) {
      for (int event = 0; event < 4; ++event) {
        offsets[i].push_back(rings[i]->producer.next_record_offset());
        REQUIRE(Offer(i) == Offered::kAccepted);
      }
    }
  }
  // The recorder fails in the ring `corrupt`, with `taken` events of that ring: the rings before it
  // are empty, those behind it as they were, all of them closed.
  void CheckFails(size_t corrupt, uint64_t taken) {
    CHECK(Drain() == 4 * corrupt + taken);
    CHECK(recorder.state() == RecorderState::kFailure);
    std::vector<uint64_t> dispatched;
    for (size_t i = 0; i < 3; ++i) {
      dispatched.push_back(1 + i + (i < corrupt ? 4 : i == corrupt ? taken : 0));
      CHECK(DispatchedOf(i) == dispatched[i]);
      CHECK(StateWordOf(i) == static_cast<uint32_t>(RecorderState::kFailure));
      CHECK(Offer(i) == Offered::kClosed);
    }
    const std::string snapshots = Snapshots();
    CHECK(snapshots == SnapshotsOf(dispatched));
    const RecorderStats stats = recorder.ReadStats();
    CHECK(stats.fault.kind == RecorderFault::Kind::kDispatcher);
    CHECK(stats.dispatched == 6 + 4 * corrupt + taken);
    CHECK(stats.accepted == stats.dispatched + stats.pending);
    // For good: neither ring is drained again.
    CHECK(Drain() == 0);
    CHECK(Snapshots() == snapshots);
  }
  std::array<std::vector<size_t>, 3> offsets;  // of the records that are pending
};

}  // namespace

TEST_CASE("recorder rings: a tail beyond the bound in any ring fails the recorder for all rings") {
  for (size_t corrupt = 0; corrupt < 3; ++corrupt) {
    for (const uint32_t beyond : {kSize + 1, 0x8000'0000u, 0xffff'ffffu}) {
      CAPTURE(corrupt);
      CAPTURE(beyond);
      HalfDrained ringed;
      const auto head = static_cast<uint32_t>(corrupt + 1);
      ringed.rings[corrupt]->producer.SetWordAt(RingLayout::kTailOffset, head + beyond);
      ringed.CheckFails(corrupt, 0);
      // Of the corrupt ring no more than the bound is believed.
      CHECK(ringed.recorder.ReadStats().pending == 4 * (2 - corrupt) + kSize);
    }
  }
}

TEST_CASE("recorder rings: a record of no class in any ring stops the recorder in front of it") {
  for (size_t corrupt = 0; corrupt < 3; ++corrupt) {
    for (size_t record = 0; record < 4; ++record) {
      for (const uint32_t id : {2u, EventClassRegistry::kMaxClasses, 0xffff'ffffu}) {
        CAPTURE(corrupt);
        CAPTURE(record);
        CAPTURE(id);
        HalfDrained ringed;
        ringed.rings[corrupt]->producer.SetWordAt(ringed.offsets[corrupt][record], id);
        ringed.CheckFails(corrupt, record);
        CHECK(ringed.recorder.ReadStats().accepted == 18);
      }
    }
  }
}

TEST_CASE("recorder rings: a value that no producer writes stops the recorder in front of it") {
  for (size_t corrupt = 0; corrupt < 3; ++corrupt) {
    CAPTURE(corrupt);
    HalfDrained ringed;
    // The first of the pending events that is a long one: only those have a float64.
    const size_t record = (6 - (corrupt + 1)) % 3;
    ringed.rings[corrupt]->producer.SetCountAt(
        ringed.offsets[corrupt][record] + ringed.events.large.offset(14),
        std::numeric_limits<double>::quiet_NaN());
    ringed.CheckFails(corrupt, record);
    CHECK(ringed.recorder.ReadStats().accepted == 18);
  }
}

TEST_CASE("recorder rings: a count that no producer writes spoils only the count of its ring") {
  RingedRecorder ringed(2, 3);
  for (size_t i = 0; i < 3; ++i) {
    REQUIRE(ringed.Fill(i) == 2);
    ringed.CountInvalid(i);
  }
  for (const double value : {-1.0, 1e300, std::numeric_limits<double>::quiet_NaN()}) {
    CAPTURE(value);
    ringed.rings[1]->producer.SetCountAt(RingLayout::kDroppedOffset, value);
    ringed.rings[1]->producer.SetCountAt(RingLayout::kInvalidOffset, value);
    const RecorderStats stats = ringed.recorder.ReadStats();
    CHECK(stats.dropped == 2);
    CHECK(stats.invalid == 2);
    CHECK(stats.accepted == 6);
  }
}

}  // namespace metrics_runtime::test
