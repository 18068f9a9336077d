// A recorder with three rings, each fed by a thread of its own. The thread of the test is the
// runtime thread.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "support/eventually.h"
#include "support/ringed_recorder.h"

namespace metrics_runtime::test {

// The rings pass 2^31 or 2^32 while events pass through them, each at its own time.
struct FedRings : RingedRecorder {
  explicit FedRings(uint32_t queue_max_size)
      : RingedRecorder(queue_max_size, {{.first_event = 0x8000'0000u - 1'000},
                                        {.first_event = 0u - 2'000},
                                        {.first_event = 0x8000'0000u - 3'000}}) {
    AttachAllAndRun();
  }

  // A thread for each ring, which offers until `done(ring)`. Where an event is not accepted it
  // offers its processor: with few of them the drain must come to run.
  template <typename Done>
  void Start(Done done) {
    for (size_t i = 0; i < rings.size(); ++i) {
      threads.emplace_back([this, i, done] {
        while (!given_up.load(std::memory_order_relaxed) && !done(*rings[i])) {
          if (Offer(i) == Offered::kAccepted) continue;
          if (rings[i]->dropped % 8 == 0) CountInvalid(i);
          std::this_thread::yield();
        }
        ++ended;
      });
    }
  }
  // Drains until every producer has ended and nothing is left; false past the limit. After every
  // drain counts and metrics are those of the events drained so far, whatever producers do.
  [[nodiscard]] bool DrainAll() {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    bool last = false;
    while (!last && std::chrono::steady_clock::now() < end) {
      last = ended == static_cast<int>(rings.size());
      const uint64_t taken = Drain();
      drained += taken;
      wrong += recorder.ReadStats().dispatched != drained || Snapshots() != ExpectedSnapshots();
      if (taken == 0) std::this_thread::yield();
    }
    given_up = true;
    for (auto& thread : threads) thread.join();
    return last;
  }
  void CheckAtRest() {
    CHECK(wrong == 0);
    const RecorderStats stats = recorder.ReadStats();
    CHECK(stats.dispatched == drained);
    CHECK(stats.accepted == Sum(&Ring::accepted));
    CHECK(stats.pending == 0);
    CHECK(stats.dropped == Sum(&Ring::dropped));
    CHECK(stats.invalid == Sum(&Ring::invalid));
    CHECK(Snapshots() == SnapshotsOf({rings[0]->accepted, rings[1]->accepted, rings[2]->accepted}));
  }

  std::vector<std::thread> threads;
  std::atomic<bool> given_up{false};
  std::atomic<int> ended{0};
  uint64_t drained = 0;
  uint64_t wrong = 0;
};

}  // namespace metrics_runtime::test
