// Ends of threads that use a runtime, amid other ends and under load.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

#include "support/gate.h"
#include "support/joined_threads.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

using Kind = Failure::Kind;
using Clock = std::chrono::steady_clock;

}  // namespace

TEST_SUITE("stress") {
  TEST_CASE("runtime threads: an end amid other ends loses nothing and touches nothing") {
    const uint64_t rounds = Rounds(400);
    for (uint32_t round = 0; round < rounds; ++round) {
      CAPTURE(round);
      FedByThree threads;
      std::atomic<uint64_t> accepted{0};
      std::atomic<int> unexpected{0};
      const auto live = [&](Joined& thread, uint32_t seed) {
        std::mt19937 random(seed);
        for (auto batches = random() % 4; batches > 0; --batches) {
          accepted += thread.Offer(static_cast<int>(random() % 60));
          if (random() % 2 == 0) std::this_thread::yield();
        }
        thread.End();
        Joined again(threads.running);
        const Status status = again.Attach(threads.fed.recorder);
        if (!status.has_value()) {
          accepted += again.Offer(static_cast<int>(random() % 10));
        } else {
          unexpected += status->kind != Kind::kRuntimeState && status->kind != Kind::kNotFound &&
                        status->kind != Kind::kLoopUnavailable;
        }
      };
      std::thread one([&] { live(threads.one, 2 * round); });
      std::thread two([&] { live(threads.two, 2 * round + 1); });
      for (auto yields = round * 7 % 30; yields > 0; --yields) std::this_thread::yield();
      kMeanwhile[round % kMeanwhile.size()](threads.runtime);
      one.join();
      two.join();
      CHECK(unexpected == 0);
      CHECK(threads.Counts(accepted));
      CHECK(threads.fed.recorder->state() == RecorderState::kStopped);
    }
  }

  TEST_CASE("runtime threads: a held start amid the ends of its thread and runtime is settled") {
    const uint64_t rounds = Rounds(200);
    for (uint32_t round = 0; round < rounds; ++round) {
      CAPTURE(round);
      RunningRuntime running;
      Joined creator(running);
      HeldByThread held(running, creator);
      // A shutdown that comes after the start was abandoned tells of the recorder that has failed.
      std::thread end([&] {
        if (round % 2 == 0) {
          (void)running.runtime->Shutdown();
        } else {
          running.runtime->EndWithEnvironment();
        }
      });
      for (auto yields = round * 7 % 30; yields > 0; --yields) std::this_thread::yield();
      const uint64_t accepted = creator.Offer(3);
      creator.End();
      end.join();
      REQUIRE(held.operation->Wait(kPatienceNs));
      CHECK(held.operation->failure().has_value());
      const RecorderState state = held.recorder->state();
      CHECK((state == RecorderState::kStopped || state == RecorderState::kFailure));
      const RecorderStats stats = held.recorder->ReadStats();
      CHECK(stats.accepted + stats.dropped == 1 + accepted);
      CHECK(stats.pending == 0);
    }
  }
}

TEST_SUITE("slow") {
  TEST_CASE("runtime threads: one that ends with more than 1 s of events leaves the rest pending") {
    constexpr uint32_t kEvents = 60'000;
    RunningRuntime running;
    auto recorder = std::make_shared<Recorder>("a", kEvents);
    RingProducer of_creator(kEvents);
    Gate gate;
    auto busy = std::make_shared<Recorder>("busy", 4u);
    RingProducer of_busy(4);
    busy->NotifyStops([&] { gate.Pass(); });
    REQUIRE_FALSE(running.runtime->CreateRecorder(recorder, of_creator.memory()).has_value());
    REQUIRE_FALSE(running.runtime->CreateRecorder(busy, of_busy.memory()).has_value());
    MetricDefinition costly = running.Ticks("m");
    costly.dimensions.resize(10'000, costly.dimensions[0]);
    REQUIRE_FALSE(running.runtime->RegisterMetric(recorder, std::move(costly)).has_value());
    Joined thread(running);
    REQUIRE_FALSE(thread.Attach(recorder).has_value());
    const auto stop = running.runtime->BeginStop(busy).operation;
    REQUIRE(gate.AwaitArrival());
    REQUIRE(thread.Offer(static_cast<int>(kEvents)) == kEvents);
    gate.Open();
    const auto begin = Clock::now();
    thread.End();
    const auto took = Clock::now() - begin;
    CHECK(took < std::chrono::milliseconds(2'500));
    const RecorderStats stats = recorder->ReadStats();
    CHECK(stats.accepted == kEvents);
    CHECK(stats.pending > 0);
    running.runtime->Flush();
    CHECK(recorder->ReadStats().pending == stats.pending);
    CHECK(Ends(stop));
    running.runtime->EndWithEnvironment();
  }
}

}  // namespace metrics_runtime::test
