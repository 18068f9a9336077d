// Starts in two steps, and what comes in between from another thread.
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

TEST_CASE("runtime: a held start takes events and ends when it is finished") {
  HeldStart held;
  REQUIRE(held.fed.Offer(held.running.tick));
  CHECK(held.running.Snapshots(held.fed.recorder) == "{\"m\": {\"total\": 3}}");
  CHECK_FALSE(held.operation->Wait(0));
  held.Finish();
  CHECK(Ends(held.operation));
  CHECK(held.fed.recorder->state() == RecorderState::kRunning);
  CHECK(held.fed.Offer(held.running.tick));
  CHECK(held.running.Snapshots(held.fed.recorder) == "{\"m\": {\"total\": 4}}");
  CHECK_FALSE(held.runtime.StopRecorder("a").has_value());
}

TEST_CASE("runtime: a held start that is finished goes on while nobody waits") {
  HeldStart held;
  {
    BusyLoop busy(held.runtime);
    held.Finish();
    CHECK_FALSE(held.operation->Wait(0));
    CHECK(held.fed.recorder->state() == RecorderState::kStarting);
    CHECK(held.fed.Offer(held.running.tick));
  }
  CHECK(Ends(held.operation));
  CHECK(held.fed.recorder->state() == RecorderState::kRunning);
  CHECK(held.running.Snapshots(held.fed.recorder) == "{\"m\": {\"total\": 3}}");
}

TEST_CASE("runtime: a held start that is abandoned fails and leaves metrics and counts") {
  HeldStart held;
  REQUIRE(held.fed.Offer(held.running.tick));
  REQUIRE_FALSE(
      held.runtime.RegisterMetric(held.fed.recorder, held.running.Ticks("n")).has_value());
  REQUIRE(held.fed.Offer(held.running.tick));
  held.Abandon();
  REQUIRE(held.operation->Wait(0));
  CHECK(Has(held.operation->failure(), Kind::kRecorderFault));
  CHECK(held.fed.recorder->state() == RecorderState::kFailure);
  CHECK(held.fed.recorder->let_go());
  held.running.Free(held.fed);
  CHECK(held.running.Snapshots(held.fed.recorder) == "{\"m\": {\"total\": 2}}");
  const RecorderStats stats = held.fed.recorder->ReadStats();
  CHECK(stats.fault.kind == RecorderFault::Kind::kOnStartingHook);
  CHECK(std::string(stats.fault.reason) == "the reason");
  CHECK(stats.accepted == 2);
  CHECK(stats.dispatched == 2);
  CHECK(stats.dropped == 2);
  CHECK(std::get<Runtime::RecorderPtr>(held.runtime.FindRecorder("a")) == held.fed.recorder);
  CHECK(Has(held.runtime.StopRecorder("a"), Kind::kRecorderFault));
  const Status shutdown = held.runtime.Shutdown();
  REQUIRE(Has(shutdown, Kind::kShutdown));
  REQUIRE(shutdown->recorder_faults.size() == 1);
  CHECK(shutdown->recorder_faults[0].message == "the reason");
}

TEST_CASE("runtime: a held start that is abandoned is STOPPING until the loop comes to it") {
  HeldStart held;
  BusyLoop busy(held.runtime);
  std::thread hook([&] { held.Abandon(); });
  CHECK(Eventually([&] { return held.fed.recorder->state() == RecorderState::kStopping; }));
  CHECK_FALSE(held.fed.Offer(held.running.tick));
  CHECK_FALSE(held.operation->Wait(0));
  busy.Release();
  hook.join();
  CHECK(held.operation->Wait(0));
  CHECK(held.fed.recorder->state() == RecorderState::kFailure);
}

TEST_CASE("runtime: while a start is held another attaches to it and a stop is refused") {
  HeldStart held;
  const Runtime::HeldStart unused = held.runtime.HoldStart(held.fed.recorder);
  for (const auto& again : {held.runtime.BeginStart(held.fed.recorder),
                            held.runtime.BeginHeldStart(held.fed.recorder, unused)}) {
    CHECK_FALSE(again.begun);
    CHECK(again.operation == held.operation);
  }
  const Runtime::Beginning stop = held.runtime.BeginStop(held.fed.recorder);
  CHECK_FALSE(stop.begun);
  CHECK(Has(stop.operation->failure(), Kind::kRecorderState));
  held.Finish();
  CHECK(Ends(held.operation));
}

TEST_CASE("runtime: a held start of a recorder that runs or was removed does not begin") {
  RunningRuntime running;
  Runtime& runtime = *running.runtime;
  const FedRecorder fed = running.Create("a");
  const auto of_running = runtime.BeginHeldStart(fed.recorder, runtime.HoldStart(fed.recorder));
  CHECK_FALSE(of_running.begun);
  CHECK(Has(of_running.operation->failure(), Kind::kRecorderState));
  (void)runtime.StopAndRemoveRecorder("a");
  const auto of_removed = runtime.BeginHeldStart(fed.recorder, runtime.HoldStart(fed.recorder));
  CHECK_FALSE(of_removed.begun);
  CHECK(Has(of_removed.operation->failure(), Kind::kNotFound));
}

TEST_CASE("runtime: a held start whose dispatcher fails cannot be finished") {
  HeldStart held;
  held.fed.producer->SetWordAt(RingLayout::kTailOffset, 1'000);
  held.runtime.Flush();
  REQUIRE(held.fed.recorder->state() == RecorderState::kFailure);
  held.Finish();
  REQUIRE(held.operation->Wait(kPatienceNs));
  REQUIRE(Has(held.operation->failure(), Kind::kRecorderFault));
  CHECK(held.operation->failure()->fault_kind == RecorderFault::Kind::kDispatcher);
  CHECK(held.fed.recorder->let_go());
  held.running.Free(held.fed);
  CHECK(held.running.Snapshots(held.fed.recorder) == "{\"m\": {\"total\": 2}}");
}

TEST_CASE("runtime: who stops a recorder by its id waits for its held start") {
  for (const bool finished : {true, false}) {
    HeldStart held;
    Status stopped;
    std::thread other([&] { stopped = held.runtime.StopRecorder("a"); });
    finished ? held.Finish() : held.Abandon();
    other.join();
    CHECK(held.operation->Wait(0));
    CHECK(stopped.has_value() != finished);
    CHECK(held.fed.recorder->state() ==
          (finished ? RecorderState::kStopped : RecorderState::kFailure));
  }
}

TEST_CASE("runtime: an end that comes while a start is held settles it and stays the end") {
  for (const End& end : kEnds) {
    for (const bool finished : {true, false}) {
      HeldStart held;
      REQUIRE(held.fed.Offer(held.running.tick));
      std::thread other([&] { end(held.runtime); });
      other.join();
      CHECK(held.runtime.let_go());
      held.running.Free(held.fed);
      REQUIRE(held.operation->Wait(0));
      CHECK(Has(held.operation->failure(), Kind::kLoopUnavailable));
      finished ? held.Finish() : held.Abandon();
      CHECK(Has(held.operation->failure(), Kind::kLoopUnavailable));
      CHECK(held.runtime.state() == RuntimeState::kClosed);
      CHECK(held.fed.recorder->state() == RecorderState::kStopped);
      const RecorderStats stats = held.fed.recorder->ReadStats();
      CHECK(stats.dispatched == 3);
      CHECK(stats.accepted + stats.dropped == 3);
      CHECK(held.running.Snapshots(held.fed.recorder) == "{\"m\": {\"total\": 3}}");
      const auto again =
          held.runtime.BeginHeldStart(held.fed.recorder, held.runtime.HoldStart(held.fed.recorder));
      CHECK_FALSE(again.begun);
      CHECK(again.operation->Wait(0));
    }
  }
}

TEST_CASE("runtime: every step of a held start that races an end is settled") {
  const uint64_t rounds = Rounds(40);
  for (uint64_t round = 0; round < rounds; ++round) {
    RunningRuntime running;
    Runtime& runtime = *running.runtime;
    FedRecorder fed = running.Create("a");
    REQUIRE_FALSE(runtime.StopRecorder("a").has_value());
    const Runtime::HeldStart held = runtime.HoldStart(fed.recorder);
    std::thread other([&] { kEnds[round % 2](runtime); });
    const Runtime::Beginning beginning = runtime.BeginHeldStart(fed.recorder, held);
    (void)fed.Offer(running.tick);
    if (beginning.begun && round % 4 < 2) runtime.FinishHeldStart(held);
    if (beginning.begun && round % 4 >= 2) runtime.AbandonHeldStart(fed.recorder, held, "no");
    REQUIRE(beginning.operation->Wait(kPatienceNs));
    other.join();
    REQUIRE(runtime.let_go());
    CHECK_FALSE(fed.producer->open());
    running.Free(fed);
    const RecorderState state = fed.recorder->state();
    CHECK((state == RecorderState::kStopped || state == RecorderState::kFailure));
    CHECK(fed.recorder->ReadStats().pending == 0);
  }
}

TEST_SUITE("slow") {
  TEST_CASE("runtime: held steps that the loop does not take end after 5 s and for good later") {
    HeldStart start;
    HeldCreation creation(start.running);
    {
      BusyLoop busy(start.runtime);
      // At once, so that the test takes 5 s and not 10.
      std::thread hook([&] { start.Abandon(); });
      const Status failure = creation.Finish();
      REQUIRE(Has(failure, Kind::kLoopUnavailable));
      CHECK(failure->waited_ms >= 5'000);
      CHECK(failure->waited_ms < 8'000);
      hook.join();
      const Status given_up = start.operation->failure();
      REQUIRE(Has(given_up, Kind::kRecorderState));
      CHECK(given_up->recorder_state == RecorderState::kStopping);
      for (const auto& recorder : {start.fed.recorder, creation.recorder}) {
        CHECK(recorder->state() == RecorderState::kStopping);
        CHECK_FALSE(recorder->let_go());
      }
    }
    for (const auto& recorder : {start.fed.recorder, creation.recorder}) {
      CHECK(Eventually([&] { return recorder->let_go(); }));
      CHECK(recorder->state() == RecorderState::kFailure);
    }
    CHECK(creation.recorder->ReadStats().fault.kind == RecorderFault::Kind::kUnfinishedStart);
    creation.producer.reset();
    start.running.Free(start.fed);
    CHECK(start.running.Create("new").recorder->state() == RecorderState::kRunning);
  }
}

}  // namespace metrics_runtime::test
