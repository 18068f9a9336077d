#include <doctest/doctest.h>

#include "runtime/runtime.h"
#include "support/running_runtime.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

using Kind = Failure::Kind;

}  // namespace

TEST_CASE("runtime: a stop refuses events at once and dispatches all that were accepted") {
  RunningRuntime running;
  FedRecorder fed = running.Create("a");
  for (int i = 0; i < 50; ++i) REQUIRE(fed.Offer(running.tick));
  const auto stop = running.runtime->BeginStop(fed.recorder).operation;
  CHECK_FALSE(fed.producer->open());
  REQUIRE(Ends(stop));
  CHECK(fed.recorder->state() == RecorderState::kStopped);
  CHECK(fed.recorder->ReadStats().dispatched == 50);
  const auto again = running.runtime->BeginStop(fed.recorder).operation;
  REQUIRE(again->Wait(0));
  REQUIRE(Has(again->failure(), Kind::kRecorderState));
  CHECK(again->failure()->recorder_state == RecorderState::kStopped);
  CHECK_FALSE(running.runtime->StopRecorder("a").has_value());
}

TEST_CASE("runtime: a stopped recorder starts again with what it had counted") {
  RunningRuntime running;
  FedRecorder fed = running.Create("a");
  REQUIRE_FALSE(running.runtime->RegisterMetric(fed.recorder, running.Ticks("m")).has_value());
  REQUIRE(fed.Offer(running.tick));
  REQUIRE_FALSE(running.runtime->StopRecorder("a").has_value());
  CHECK(
      Has(running.runtime->RegisterMetric(fed.recorder, running.Ticks("n")), Kind::kRecorderState));
  REQUIRE(Ends(running.runtime->BeginStart(fed.recorder).operation));
  CHECK(fed.recorder->state() == RecorderState::kRunning);
  REQUIRE(fed.Offer(running.tick));
  CHECK(running.Snapshots(fed.recorder) == "{\"m\": {\"total\": 2}}");
  const auto again = running.runtime->BeginStart(fed.recorder).operation;
  CHECK(Has(again->failure(), Kind::kRecorderState));
}

TEST_CASE("runtime: a start or stop begun the moment the one before took effect ends too") {
  RunningRuntime running;
  const FedRecorder fed = running.Create("a");
  const auto reaches = [&](RecorderState state) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (fed.recorder->state() != state) {
      if (std::chrono::steady_clock::now() > end) return false;
    }
    return true;
  };
  const uint64_t rounds = Rounds(300);
  for (uint64_t i = 0; i < rounds; ++i) {
    const auto stop = running.runtime->BeginStop(fed.recorder).operation;
    REQUIRE(reaches(RecorderState::kStopped));
    const auto start = running.runtime->BeginStart(fed.recorder).operation;
    REQUIRE(reaches(RecorderState::kRunning));
    REQUIRE(Ends(stop));
    // The next stop comes as early after the start.
    if (i % 2 == 0) REQUIRE(Ends(start));
  }
}

TEST_CASE("runtime: stopping a recorder by its id right after its start was asked for succeeds") {
  RunningRuntime running;
  const FedRecorder fed = running.Create("a");
  const uint64_t rounds = Rounds(1'000);
  for (uint64_t i = 0; i < rounds; ++i) {
    REQUIRE_FALSE(running.runtime->StopRecorder("a").has_value());
    const auto start = running.runtime->BeginStart(fed.recorder).operation;
    REQUIRE_FALSE(running.runtime->StopRecorder("a").has_value());
    REQUIRE(Ends(start));
    REQUIRE(fed.recorder->state() == RecorderState::kStopped);
  }
}

}  // namespace metrics_runtime::test
