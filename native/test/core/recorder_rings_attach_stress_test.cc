// Rings that are attached to a recorder while other threads read its counts and change its state.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "support/eventually.h"
#include "support/ringed_recorder.h"
#include "support/sanitizers.h"
#include "support/stats_reader.h"

namespace metrics_runtime::test {

namespace {

using Ring = RingedRecorder::Ring;

constexpr size_t kRings = 4;
constexpr uint64_t kEventsOfEach = 50;
constexpr std::array kStates = {RecorderState::kVirgin, RecorderState::kStarting,
                                RecorderState::kRunning, RecorderState::kStopping,
                                RecorderState::kStopped};

// Attaches each ring in the same moment in which another thread makes one transition; afterwards
// every ring that is attached must have the state. Returns how many had not.
uint64_t AttachAmidTransitions(RingedRecorder& ringed) {
  std::atomic<size_t> begun{0};
  std::atomic<size_t> done{0};
  std::atomic<uint64_t> failed{0};
  std::thread changer([&] {
    for (size_t i = 0; i < kRings; ++i) {
      failed += !Soon([&] { return begun > i; });
      failed += !ringed.recorder.Transition(kStates[i], kStates[i + 1]);
      done = i + 1;
    }
  });
  uint64_t untold = 0;
  for (size_t i = 0; i < kRings; ++i) {
    begun = i + 1;
    ringed.Attach(i);
    (void)ringed.Drain();
    untold += !Soon([&] { return done > i; });
    for (size_t told = 0; told <= i; ++told) {
      untold += ringed.StateWordOf(told) != static_cast<uint32_t>(kStates[i + 1]);
    }
  }
  changer.join();
  return untold + failed;
}

}  // namespace

TEST_SUITE("stress") {
  TEST_CASE("recorder rings: one attached amid a transition is told the state and loses nothing") {
    const uint64_t rounds = Rounds(200);
    for (uint64_t round = 0; round < rounds; ++round) {
      CAPTURE(round);
      RingedRecorder ringed(8, std::vector<RingedRecorder::RingOptions>(kRings));
      StatsReader reader(ringed);
      std::atomic<bool> given_up{false};
      std::vector<std::thread> producers;
      for (size_t i = 0; i < kRings; ++i) {
        // Begins before there is a ring at the other end.
        producers.emplace_back([&, i] {
          while (!given_up && ringed.rings[i]->accepted < kEventsOfEach) {
            if (ringed.Offer(i) != Offered::kAccepted) std::this_thread::yield();
          }
        });
      }
      CHECK(AttachAmidTransitions(ringed) == 0);
      CHECK(ringed.recorder.Transition(RecorderState::kStopped, RecorderState::kStarting));
      CHECK(ringed.recorder.Transition(RecorderState::kStarting, RecorderState::kRunning));
      const bool in_time = Soon([&] {
        (void)ringed.Drain();
        return ringed.recorder.ReadStats().dispatched == kRings * kEventsOfEach;
      });
      given_up = true;
      for (auto& producer : producers) producer.join();
      reader.End();
      REQUIRE(in_time);
      CHECK(reader.wrong() == 0);
      CHECK(ringed.recorder.ReadStats().dropped == ringed.Sum(&Ring::dropped));
      CHECK(ringed.Snapshots() == ringed.SnapshotsOf(std::vector(kRings, kEventsOfEach)));
    }
  }

  TEST_CASE("recorder rings: readings amid a letting go see every count once") {
    const uint64_t rounds = Rounds(200);
    for (uint64_t round = 0; round < rounds; ++round) {
      CAPTURE(round);
      RingedRecorder ringed(8, kRings);
      for (size_t i = 0; i < kRings; ++i) (void)ringed.Fill(i);
      (void)ringed.Drain();
      for (size_t i = 0; i < kRings; ++i) (void)ringed.Fill(i);
      StatsReader reader(ringed);
      CHECK(Soon([&] { return reader.readings() > 0; }));
      ringed.recorder.DetachRings();
      const uint64_t then = reader.readings();
      CHECK(Soon([&] { return reader.readings() > then + 1; }));
      reader.End();
      CHECK(reader.wrong() == 0);
      CHECK(ringed.recorder.ReadStats().accepted == kRings * 16);
      CHECK(ringed.recorder.ReadStats().dropped == kRings * 2);
    }
  }
}

}  // namespace metrics_runtime::test
