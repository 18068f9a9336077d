// Creations in two steps, and what comes in between from another thread.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <thread>

#include "support/held_starts.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

using Kind = Failure::Kind;

}  // namespace

TEST_CASE("runtime: a held creation is taken but not found until it is finished") {
  RunningRuntime running;
  HeldCreation held(running);
  CHECK(held.Offer());
  CHECK(Has(held.runtime.FindRecorder("new"), Kind::kNotFound));
  CHECK(std::get<std::vector<std::string>>(held.runtime.RecorderIds()).empty());
  RingProducer other(4);
  CHECK(Has(CreateIn(held.runtime, "new", 4, other.memory()), Kind::kAlreadyExists));
  REQUIRE_FALSE(held.runtime.RegisterMetric(held.recorder, running.Ticks("m")).has_value());
  CHECK(held.Offer());
  CHECK_FALSE(held.Finish().has_value());
  CHECK(held.recorder->state() == RecorderState::kRunning);
  CHECK(std::get<Runtime::RecorderPtr>(held.runtime.FindRecorder("new")) == held.recorder);
  CHECK(held.Offer());
  CHECK(running.Snapshots(held.recorder) == "{\"m\": {\"total\": 2}}");
  CHECK(held.runtime.StopAndRemoveRecorder("new").let_go);
}

TEST_CASE("runtime: a held creation that is abandoned leaves nothing but a failed recorder") {
  RunningRuntime running;
  HeldCreation held(running);
  REQUIRE_FALSE(held.runtime.RegisterMetric(held.recorder, running.Ticks("m")).has_value());
  for (int i = 0; i < 3; ++i) CHECK(held.Offer());
  CHECK(running.Snapshots(held.recorder) == "{\"m\": {\"total\": 3}}");
  CHECK(held.Offer());
  held.Abandon();
  REQUIRE(held.recorder->let_go());
  held.producer.reset();  // AddressSanitizer and valgrind watch from here
  held.runtime.Flush();
  CHECK(held.recorder->state() == RecorderState::kFailure);
  const RecorderStats stats = held.recorder->ReadStats();
  CHECK(stats.fault.kind == RecorderFault::Kind::kOnStartingHook);
  CHECK(std::string(stats.fault.reason) == "the reason");
  CHECK(stats.accepted == 0);
  CHECK(stats.dropped == 4);
  CHECK(running.Snapshots(held.recorder) == "{}");
  CHECK(running.Create("new").recorder->state() == RecorderState::kRunning);
  CHECK_FALSE(held.runtime.Shutdown().has_value());
}

TEST_CASE("runtime: a held creation that cannot be finished is abandoned") {
  RunningRuntime running;
  HeldCreation held(running);
  held.producer->SetWordAt(RingLayout::kTailOffset, 1'000);
  held.runtime.Flush();
  const Status failure = held.Finish();
  REQUIRE(Has(failure, Kind::kRecorderFault));
  CHECK(failure->fault_kind == RecorderFault::Kind::kDispatcher);
  REQUIRE(held.recorder->let_go());
  held.producer.reset();
  CHECK(running.Create("new").recorder->state() == RecorderState::kRunning);
  CHECK_FALSE(held.runtime.Shutdown().has_value());
}

TEST_CASE("runtime: an end that comes while a creation is held stays the end") {
  for (const End& end : kEnds) {
    for (const bool finished : {true, false}) {
      RunningRuntime running;
      HeldCreation held(running);
      CHECK(held.Offer());
      std::thread other([&] { end(held.runtime); });
      other.join();
      CHECK(held.runtime.let_go());
      if (finished) {
        CHECK(Has(held.Finish(), Kind::kRuntimeState));
      } else {
        held.Abandon();
      }
      held.producer.reset();
      CHECK(held.recorder->state() == RecorderState::kStopped);
      CHECK(held.recorder->ReadStats().dispatched == 1);
      CHECK(held.runtime.state() == RuntimeState::kClosed);
    }
  }
}

TEST_CASE("runtime: every step of a held creation that races an end returns") {
  const uint64_t rounds = Rounds(40);
  for (uint64_t round = 0; round < rounds; ++round) {
    RunningRuntime running;
    Runtime& runtime = *running.runtime;
    RingProducer producer(100);
    const auto recorder = std::make_shared<Recorder>("new", 100u);
    const Runtime::HeldStart held = runtime.HoldStart(recorder);
    std::thread other([&] { kEnds[round % 2](runtime); });
    if (!runtime.BeginCreation(recorder, producer.memory()).has_value()) {
      (void)producer.Offer(running.tick, {1});
      if (round % 4 < 2) {
        (void)runtime.FinishCreation(recorder, held);
      } else {
        runtime.AbandonCreation(recorder, held, "no");
      }
    }
    other.join();
    REQUIRE(runtime.let_go());
    CHECK_FALSE(producer.open());
  }
}

}  // namespace metrics_runtime::test
