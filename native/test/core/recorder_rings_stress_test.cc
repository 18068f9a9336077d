// A recorder with several rings, each with a producer thread of its own. The thread of the test is
// the runtime thread.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "support/eventually.h"
#include "support/fed_rings.h"
#include "support/ringed_recorder.h"
#include "support/sanitizers.h"
#include "support/stats_reader.h"

namespace metrics_runtime::test {

namespace {

using Ring = RingedRecorder::Ring;

}  // namespace

TEST_SUITE("stress") {
  TEST_CASE("recorder rings: threads that wait for room lose and repeat and reorder nothing") {
    for (const uint32_t size : {1u, 7u, 100u}) {
      CAPTURE(size);
      const uint64_t events = Rounds(size == 1 ? 4'000 : 20'000);
      FedRings fed(size);
      StatsReader reader(fed);
      fed.Start([events](const Ring& ring) { return ring.accepted == events; });
      REQUIRE(fed.DrainAll());
      reader.End();
      CHECK(reader.wrong() == 0);
      CHECK(fed.drained == 3 * events);
      fed.CheckAtRest();
    }
  }

  TEST_CASE("recorder rings: every reading is exact while threads record and drop") {
    const uint64_t events = Rounds(300'000);
    FedRings fed(50);
    StatsReader reader(fed);
    fed.Start([events](const Ring& ring) { return ring.accepted + ring.dropped == events; });
    CHECK(fed.DrainAll());
    reader.End();
    CHECK(reader.readings() > 0);
    CHECK(reader.wrong() == 0);
    CHECK(fed.Sum(&Ring::accepted) + fed.Sum(&Ring::dropped) == 3 * events);
    fed.CheckAtRest();
  }

  TEST_CASE("recorder rings: threads that flood two rings make a third one drop nothing") {
    constexpr uint32_t kSize = 10;
    const uint64_t rounds = Rounds(50'000);
    RingedRecorder ringed(kSize, 3);
    std::atomic<bool> flooding{true};
    std::vector<std::thread> threads;
    for (const size_t i : {0u, 2u}) {
      threads.emplace_back([&, i] {
        while (flooding.load(std::memory_order_relaxed)) {
          if (ringed.Offer(i) == Offered::kDropped) std::this_thread::yield();
        }
      });
    }
    CHECK(Eventually([&] { return ringed.rings[0]->dropped > 0 && ringed.rings[2]->dropped > 0; }));
    uint64_t refused = 0;
    for (uint64_t round = 0; round < rounds; ++round) {
      for (uint32_t i = 0; i < kSize; ++i) refused += ringed.Offer(1) != Offered::kAccepted;
      (void)ringed.Drain();
      refused += ringed.DispatchedOf(1) != (round + 1) * kSize;
    }
    flooding = false;
    for (auto& thread : threads) thread.join();
    CHECK(refused == 0);
    (void)ringed.Drain();
    CHECK(ringed.recorder.ReadStats().accepted == ringed.Sum(&Ring::accepted));
    CHECK(ringed.recorder.ReadStats().dropped == ringed.Sum(&Ring::dropped));
    CHECK(ringed.Snapshots() == ringed.ExpectedSnapshots());
  }

  TEST_CASE("recorder rings: corrupt memory of one ring stops the threads of all others") {
    const uint64_t rounds = Rounds(100);
    for (uint64_t round = 0; round < rounds; ++round) {
      CAPTURE(round);
      const size_t corrupt = round % 3;
      FedRings fed(64);
      StatsReader reader(fed);
      fed.Start([&fed, corrupt](const Ring& ring) {
        if (&ring != fed.rings[corrupt].get()) return !ring.producer.open();
        if (ring.accepted < 500) return false;
        fed.rings[corrupt]->producer.SetWordAt(RingLayout::kTailOffset, 12'345);
        return true;
      });
      REQUIRE(fed.DrainAll());
      reader.End();
      CHECK(fed.wrong == 0);
      CHECK(fed.recorder.state() == RecorderState::kFailure);
      CHECK(fed.recorder.ReadStats().dispatched == fed.drained);
      // What was accepted and not dispatched stays pending; of the corrupt ring the bound.
      uint64_t pending = 64;
      for (size_t i = 0; i < 3; ++i) {
        CHECK(fed.StateWordOf(i) == static_cast<uint32_t>(RecorderState::kFailure));
        if (i != corrupt) pending += fed.rings[i]->accepted - fed.DispatchedOf(i);
      }
      CHECK(fed.recorder.ReadStats().pending == pending);
    }
  }
}

}  // namespace metrics_runtime::test
