// Threads that use a recorder which another one made, and their ends.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "support/joined_threads.h"

namespace metrics_runtime::test {

namespace {

using Kind = Failure::Kind;
using Clock = std::chrono::steady_clock;

}  // namespace

TEST_CASE("runtime threads: all that feed a recorder are counted together") {
  FedByThree threads;
  REQUIRE(threads.fed.Offer(threads.running.tick));
  CHECK(threads.one.Offer(20) + threads.two.Offer(30) == 50);
  CHECK(threads.Counts(51));
}

TEST_CASE("runtime threads: what an ended one had published is counted once and others go on") {
  FedByThree threads;
  CHECK(threads.one.Offer(70) == 70);
  CHECK(threads.two.Offer(5) == 5);
  threads.one.End();
  CHECK(threads.fed.recorder->ReadStats().dispatched >= 70);
  CHECK(threads.two.Offer(6) == 6);
  REQUIRE(threads.fed.Offer(threads.running.tick));
  CHECK(threads.Counts(82));
  threads.two.End();
  CHECK(threads.Counts(82));
  REQUIRE_FALSE(threads.runtime.StopRecorder("a").has_value());
  CHECK(Ends(threads.runtime.BeginStart(threads.fed.recorder).operation));
  REQUIRE(threads.fed.Offer(threads.running.tick));
  CHECK(threads.Counts(83));
}

TEST_CASE("runtime threads: one may come to a recorder that is stopped and end before it starts") {
  FedByThree threads;
  REQUIRE_FALSE(threads.runtime.StopRecorder("a").has_value());
  Joined third(threads.running);
  REQUIRE_FALSE(third.Attach(threads.fed.recorder).has_value());
  CHECK(third.Offer(1) + threads.one.Offer(1) == 0);
  threads.one.End();
  CHECK(Ends(threads.runtime.BeginStart(threads.fed.recorder).operation));
  CHECK(third.Offer(2) + threads.two.Offer(3) == 5);
  CHECK(threads.Counts(5));
}

TEST_CASE("runtime threads: none comes to a recorder that was removed or a runtime that closed") {
  FedByThree threads;
  Joined late(threads.running);
  CHECK(threads.runtime.StopAndRemoveRecorder("a").let_go);
  CHECK(Has(late.Attach(threads.fed.recorder), Kind::kNotFound));
  CHECK_FALSE(late.producer->open());
  const FedRecorder other = threads.running.Create("b");
  REQUIRE_FALSE(threads.runtime.Shutdown().has_value());
  const Status closed = late.Attach(other.recorder);
  REQUIRE(Has(closed, Kind::kRuntimeState));
  CHECK(closed->runtime_state == RuntimeState::kClosed);
  CHECK_FALSE(late.producer->open());
}

TEST_CASE("runtime threads: the end of one after the end of its runtime returns at once") {
  for (const size_t end : {0u, 1u}) {
    FedByThree threads;
    CHECK(threads.one.Offer(3) == 3);
    kMeanwhile[end](threads.runtime);
    const auto begin = Clock::now();
    threads.one.End();
    CHECK(Clock::now() - begin < std::chrono::seconds(1));
    CHECK(threads.Counts(3));
  }
}

TEST_CASE("runtime threads: a creation whose thread ends is abandoned and its id free") {
  RunningRuntime running;
  Joined creator(running);
  Joined other(running);
  const auto recorder =
      std::make_shared<Recorder>("new", 8u, Recorder::Origin{.creator = &creator});
  creator.producer = std::make_unique<RingProducer>(8u);
  REQUIRE_FALSE(running.runtime->BeginCreation(recorder, creator.producer->memory()).has_value());
  other.End();
  REQUIRE(recorder->state() == RecorderState::kStarting);
  CHECK(creator.Offer(2) == 2);
  creator.End();
  CHECK(recorder->state() == RecorderState::kFailure);
  CHECK(recorder->let_go());
  const RecorderStats stats = recorder->ReadStats();
  CHECK(stats.fault.kind == RecorderFault::Kind::kUnfinishedStart);
  CHECK(stats.accepted == 0);
  CHECK(stats.dropped == 2);
  CHECK(running.Create("new").recorder->state() == RecorderState::kRunning);
  CHECK_FALSE(running.runtime->Shutdown().has_value());
}

TEST_CASE("runtime threads: a start whose thread ends is abandoned and who waits for it is told") {
  RunningRuntime running;
  Joined creator(running);
  Joined other(running);
  HeldByThread held(running, creator);
  REQUIRE_FALSE(other.Attach(held.recorder).has_value());
  CHECK(creator.Offer(2) + other.Offer(3) == 5);
  Status stopped;
  std::thread waiting([&] { stopped = running.runtime->StopRecorder("held"); });
  creator.End();
  waiting.join();
  CHECK(Has(stopped, Kind::kRecorderFault));
  REQUIRE(held.operation->Wait(0));
  CHECK(held.operation->failure().has_value());
  CHECK(held.recorder->state() == RecorderState::kFailure);
  CHECK(other.Offer(1) == 0);
  other.End();
  const RecorderStats stats = held.recorder->ReadStats();
  CHECK(stats.fault.kind == RecorderFault::Kind::kUnfinishedStart);
  CHECK(stats.dispatched == 1);
  CHECK(stats.pending == 0);
  CHECK(stats.dropped == 5);
  CHECK(running.Snapshots(held.recorder) == "{\"m\": {\"total\": 1}}");
  CHECK(Succeeded(running.runtime->FindRecorder("held")));
  CHECK(Has(running.runtime->Shutdown(), Kind::kShutdown));
}

TEST_CASE("runtime threads: a start that is held goes on when the thread of another ring ends") {
  RunningRuntime running;
  Joined creator(running);
  Joined other(running);
  HeldByThread held(running, creator);
  REQUIRE_FALSE(other.Attach(held.recorder).has_value());
  CHECK(creator.Offer(2) + other.Offer(3) == 5);
  other.End();
  CHECK_FALSE(held.operation->Wait(0));
  running.runtime->FinishHeldStart(held.steps);
  CHECK(Ends(held.operation));
  CHECK(creator.Offer(1) == 1);
  CHECK(running.Snapshots(held.recorder) == "{\"m\": {\"total\": 7}}");
  CHECK(held.recorder->ReadStats().dropped == 0);
}

}  // namespace metrics_runtime::test
