// A recorder with several rings: what belongs to each ring alone, and what all of them share.
#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "support/ringed_recorder.h"

namespace metrics_runtime::test {

TEST_CASE("recorder rings: each event of each ring goes once to each metric and in its order") {
  RingedRecorder ringed(8, 3);
  for (const uint32_t seed : {0u, 1u, 2u, 3u, 4u, 5u, 6u}) {
    uint64_t offered = 0;
    for (size_t i = 0; i < 3; ++i) {
      for (size_t event = 0; event < (seed + 3 * i) % 8; ++event, ++offered) {
        REQUIRE(ringed.Offer(i) == Offered::kAccepted);
      }
    }
    CHECK(ringed.recorder.ReadStats().pending == offered);
    CHECK(ringed.Drain() == offered);
    CHECK(ringed.recorder.ReadStats().dispatched == ringed.Sum(&RingedRecorder::Ring::accepted));
    CHECK(ringed.Snapshots() ==
          ringed.SnapshotsOf(
              {ringed.rings[0]->accepted, ringed.rings[1]->accepted, ringed.rings[2]->accepted}));
  }
}

TEST_CASE("recorder rings: each ring has the bound for itself and drops for itself") {
  constexpr uint32_t kSize = 5;
  for (size_t full = 0; full < 3; ++full) {
    CAPTURE(full);
    RingedRecorder ringed(kSize, 3);
    CHECK(ringed.Fill(full) == kSize);
    for (int i = 0; i < 10; ++i) CHECK(ringed.Offer(full) == Offered::kDropped);
    for (size_t other = 0; other < 3; ++other) {
      if (other == full) continue;
      for (uint32_t i = 0; i < kSize; ++i) CHECK(ringed.Offer(other) == Offered::kAccepted);
    }
    RecorderStats stats = ringed.recorder.ReadStats();
    CHECK(stats.pending == 3 * kSize);
    CHECK(stats.accepted == 3 * kSize);
    CHECK(stats.dropped == 11);
    CHECK(ringed.Drain() == 3 * kSize);
    CHECK(ringed.Offer(full) == Offered::kAccepted);
    ringed.CountInvalid(full);
    ringed.CountInvalid((full + 1) % 3);
    stats = ringed.recorder.ReadStats();
    CHECK(stats.accepted == 3 * kSize + 1);
    CHECK(stats.dispatched == 3 * kSize);
    CHECK(stats.invalid == 2);
  }
}

TEST_CASE("recorder rings: each ring asks for a drain for itself and every drain hears all") {
  std::vector<int> wakes(3);
  std::vector<RingedRecorder::RingOptions> options(3);
  for (size_t i = 0; i < 3; ++i) {
    options[i].wake = [&wakes, i] { ++wakes[i]; };
  }
  RingedRecorder ringed(4, std::move(options));
  ringed.AttachAllAndRun();
  for (int round = 1; round <= 3; ++round) {
    for (size_t i = 0; i < 3; ++i) (void)ringed.Fill(i);
    CHECK(wakes == std::vector<int>(3, round));
    CHECK(ringed.Drain() == 12);
  }
}

TEST_CASE("recorder rings: every change of state reaches every ring and one that comes later") {
  const std::vector<RecorderState> states = {RecorderState::kVirgin, RecorderState::kStarting,
                                             RecorderState::kRunning, RecorderState::kStopping,
                                             RecorderState::kStopped};
  for (size_t last = 0; last < states.size(); ++last) {
    CAPTURE(last);
    RingedRecorder ringed(4, std::vector<RingedRecorder::RingOptions>(4));
    for (size_t i = 0; i < 3; ++i) ringed.Attach(i);
    for (size_t to = 0; to <= last; ++to) {
      if (to > 0) REQUIRE(ringed.recorder.Transition(states[to - 1], states[to]));
      for (size_t i = 0; i < 3; ++i) {
        CHECK(ringed.StateWordOf(i) == static_cast<uint32_t>(states[to]));
      }
    }
    CHECK(ringed.StateWordOf(3) == static_cast<uint32_t>(RecorderState::kVirgin));
    ringed.Attach(3);
    CHECK(ringed.StateWordOf(3) == static_cast<uint32_t>(states[last]));
    CHECK((ringed.Offer(3) == Offered::kAccepted) == (ringed.Offer(0) == Offered::kAccepted));
  }
}

TEST_CASE("recorder rings: a ring attached to a recorder that failed is closed from the start") {
  RingedRecorder ringed(4, std::vector<RingedRecorder::RingOptions>(2));
  ringed.Attach(0);
  REQUIRE(ringed.recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
  ringed.rings[0]->producer.SetWordAt(RingLayout::kTailOffset, 5);
  REQUIRE(ringed.Drain() == 0);
  ringed.Attach(1);
  CHECK(ringed.StateWordOf(1) == static_cast<uint32_t>(RecorderState::kFailure));
  CHECK(ringed.Offer(1) == Offered::kClosed);
}

TEST_CASE("recorder rings: keep bounds and counts where each passes 2^31 or 2^32 at its own time") {
  constexpr uint32_t kSize = 5;
  for (uint32_t before = 0; before <= 3 * kSize; ++before) {
    CAPTURE(before);
    const std::vector<uint32_t> firsts = {0x8000'0000u - before, 0u - (before + 2) % 16,
                                          0x8000'0000u - (before + 7) % 16, 0u - (before + 11) % 16,
                                          0u};
    std::vector<RingedRecorder::RingOptions> options(firsts.size());
    for (size_t i = 0; i < firsts.size(); ++i) options[i].first_event = firsts[i];
    RingedRecorder ringed(kSize, std::move(options));
    ringed.AttachAllAndRun();
    for (uint32_t lap = 1; lap <= 5; ++lap) {
      for (size_t i = 0; i < firsts.size(); ++i) REQUIRE(ringed.Fill(i) == kSize);
      RecorderStats stats = ringed.recorder.ReadStats();
      REQUIRE(stats.pending == firsts.size() * kSize);
      REQUIRE(stats.accepted == lap * firsts.size() * kSize);
      REQUIRE(ringed.Drain() == firsts.size() * kSize);
      stats = ringed.recorder.ReadStats();
      REQUIRE(stats.dispatched == lap * firsts.size() * kSize);
      REQUIRE(stats.pending == 0);
      REQUIRE(stats.dropped == lap * firsts.size());
      for (size_t i = 0; i < firsts.size(); ++i) {
        REQUIRE(ringed.rings[i]->producer.WordAt(RingLayout::kHeadOffset) ==
                firsts[i] + lap * kSize);
      }
      REQUIRE(ringed.Snapshots() ==
              ringed.SnapshotsOf(std::vector<uint64_t>(firsts.size(), lap * kSize)));
    }
    // One more than the bound is too many, wherever the ring's numbers are.
    const size_t corrupt = before % firsts.size();
    ringed.rings[corrupt]->producer.SetWordAt(RingLayout::kTailOffset,
                                              firsts[corrupt] + 6 * kSize + 1);
    CHECK(ringed.Drain() == 0);
    CHECK(ringed.recorder.state() == RecorderState::kFailure);
  }
}

}  // namespace metrics_runtime::test
