// Ends and starts of recorders that come while something else ends.
#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/gate.h"
#include "support/running_runtime.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

TEST_SUITE("slow") {
  TEST_CASE("runtime ends: abandoning a start leaves the id to the recorder that has it by now") {
    RunningRuntime running;
    Runtime& runtime = *running.runtime;
    FedRecorder old = running.Create("a");
    REQUIRE_FALSE(runtime.StopRecorder("a").has_value());
    const auto held = runtime.HoldStart(old.recorder);
    REQUIRE(runtime.BeginHeldStart(old.recorder, held).begun);
    std::thread other([&] {
      CHECK(runtime.StopAndRemoveRecorder("a").recorder == old.recorder);
    });  // waits for 5 s
    other.join();
    RingProducer producer(8);
    const auto recorder = std::make_shared<Recorder>("a", 8u);
    const auto creation = runtime.HoldStart(recorder);
    REQUIRE_FALSE(runtime.BeginCreation(recorder, producer.memory()).has_value());
    runtime.AbandonHeldStart(old.recorder, held, "no");
    const Status finished = runtime.FinishCreation(recorder, creation);
    CHECK_FALSE(finished.has_value());
    CHECK(Succeeded(runtime.FindRecorder("a")));
    runtime.EndWithEnvironment();
  }
}

TEST_SUITE("stress") {
  TEST_CASE("runtime ends: a recorder that is started meanwhile is not left open") {
    int open = 0;
    int starting = 0;
    const auto rounds = static_cast<int>(Rounds(300));
    for (int round = 0; round < rounds; ++round) {
      RunningRuntime running;
      Runtime& runtime = *running.runtime;
      std::vector<FedRecorder> fed;
      for (int i = 0; i < 8; ++i) {
        fed.push_back(running.Create(std::to_string(i)));
        REQUIRE_FALSE(runtime.StopRecorder(std::to_string(i)).has_value());
      }
      std::vector<std::thread> threads;
      std::atomic<int> begun{0};
      for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
          for (int i = 0; i < 8; ++i) {
            ++begun;
            (void)runtime.BeginStart(fed[static_cast<size_t>((i + t * 2) % 8)].recorder);
          }
        });
      }
      while (begun < 1 + round % 12) std::this_thread::yield();
      (void)runtime.Shutdown();
      for (auto& t : threads) t.join();
      for (auto& f : fed) {
        open += f.producer->open();
        starting += f.recorder->state() != RecorderState::kStopped;
      }
    }
    CHECK(open == 0);
    CHECK(starting == 0);
  }

  TEST_CASE("runtime ends: a stop while a thread ends dispatches all the same") {
    constexpr uint32_t kEvents = 20'000;
    RunningRuntime running;
    Runtime& runtime = *running.runtime;
    FedRecorder heavy = running.Create("heavy", kEvents);
    MetricDefinition costly = running.Ticks("m");
    costly.dimensions.resize(10'000, costly.dimensions[0]);
    REQUIRE_FALSE(runtime.RegisterMetric(heavy.recorder, std::move(costly)).has_value());
    FedRecorder b = running.Create("b", 4'000);
    Gate gate;
    RingProducer of_busy(4);
    auto busy = std::make_shared<Recorder>("busy", 4u);
    busy->NotifyStops([&] { gate.Pass(); });
    REQUIRE_FALSE(runtime.CreateRecorder(busy, of_busy.memory()).has_value());
    int identity = 0;
    const auto farewell = runtime.MakeFarewell(&identity);
    (void)runtime.BeginStop(busy);
    REQUIRE(gate.AwaitArrival());
    for (uint32_t i = 0; i < kEvents; ++i) REQUIRE(heavy.Offer(running.tick));
    for (int i = 0; i < 1000; ++i) REQUIRE(b.Offer(running.tick));
    const auto stop = runtime.BeginStop(b.recorder).operation;
    gate.Open();
    runtime.LetGoOf(farewell);
    CHECK(Ends(stop));
    CHECK(b.recorder->ReadStats().pending == 0);
    CHECK(b.recorder->ReadStats().dispatched == 1000);
    runtime.EndWithEnvironment();
  }
}

}  // namespace metrics_runtime::test
