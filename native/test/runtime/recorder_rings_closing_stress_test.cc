// Stops of a recorder with several rings while a thread on each of them hammers.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/process_barrier.h"
#include "support/close_recorder.h"
#include "support/eventually.h"
#include "support/ringed_recorder.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

constexpr size_t kRings = 3;

// A producer thread on each ring: offers until told to end, and says in which round it was refused.
struct Hammered : RingedRecorder {
  explicit Hammered(Entry entry)
      : RingedRecorder(64, std::vector<RingOptions>(kRings, {.entry = entry})) {
    AttachAllAndRun();
    for (size_t i = 0; i < kRings; ++i) threads.emplace_back([this, i] { Hammer(i); });
  }
  void End() {
    end = true;
    for (auto& thread : threads) thread.join();
  }

  // Now and then it loses its processor at the worst moment: left to chance, that takes hours.
  void Hammer(size_t i) {
    uint32_t calls = 0;
    const auto inside = [&calls] {
      if (++calls % 16 == 0) std::this_thread::yield();
    };
    while (!end.load(std::memory_order_relaxed)) {
      const Offered offered = Offer(i, inside);
      if (offered == Offered::kAccepted) continue;
      if (offered == Offered::kClosed) refused_in[i] = round.load();
      std::this_thread::yield();
    }
  }
  [[nodiscard]] bool AllRefusedIn(uint64_t this_round) const {
    for (const auto& refused : refused_in) {
      if (refused != this_round) return false;
    }
    return true;
  }

  std::vector<std::thread> threads;
  std::atomic<uint64_t> round{0};
  std::array<std::atomic<uint64_t>, kRings> refused_in{};
  std::atomic<bool> end{false};
};

void Hammering(Entry entry, void (*barrier)()) {
  Hammered ringed(entry);
  const uint64_t rounds = Rounds(400);
  uint64_t differ = 0;
  bool all_in_time = true;
  for (uint64_t round = 1; round <= rounds && all_in_time; ++round) {
    all_in_time = Close(
        ringed.recorder, [] {}, barrier);
    (void)ringed.Drain();
    std::vector<uint64_t> dispatched;
    for (size_t i = 0; i < kRings; ++i) dispatched.push_back(ringed.DispatchedOf(i));
    differ += !ringed.recorder.Transition(RecorderState::kStopping, RecorderState::kStopped);
    ringed.round = round;
    all_in_time = all_in_time && Eventually([&] { return ringed.AllRefusedIn(round); });
    for (size_t i = 0; i < kRings; ++i) differ += ringed.rings[i]->accepted != dispatched[i];
    differ += ringed.recorder.ReadStats().pending != 0;
    differ += ringed.Snapshots() != ringed.SnapshotsOf(dispatched);
    for (const auto& [from, to] : {std::pair{RecorderState::kStopped, RecorderState::kStarting},
                                   std::pair{RecorderState::kStarting, RecorderState::kRunning}}) {
      differ += !ringed.recorder.Transition(from, to);
    }
    // Until all of them record again: the next stop is to come amid that.
    all_in_time = all_in_time && Soon([&] {
                    (void)ringed.Drain();
                    for (size_t i = 0; i < kRings; ++i) {
                      if (ringed.rings[i]->accepted == dispatched[i]) return false;
                    }
                    return true;
                  });
  }
  ringed.End();
  CHECK(all_in_time);
  CHECK(differ == 0);
}

}  // namespace

TEST_SUITE("stress") {
  TEST_CASE("closing rings: each stop dispatches exactly what the producers of all had accepted") {
    if (HasProcessBarrier()) Hammering(Entry::kClosersBarrier, &RunProcessBarrier);
  }

  TEST_CASE("closing rings: each stop dispatches exactly what all accepted without a barrier too") {
    Hammering(Entry::kSeqCst, [] {});
  }
}

}  // namespace metrics_runtime::test
