#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "runtime/runtime.h"
#include "support/eventually.h"
#include "support/running_runtime.h"

namespace metrics_runtime::test {

namespace {

using Kind = Failure::Kind;

}  // namespace

TEST_CASE("runtime: gives a recorder that runs and stands in the registry under its id") {
  RunningRuntime running;
  const FedRecorder b = running.Create("b");
  const FedRecorder a = running.Create("a");
  CHECK(b.recorder->state() == RecorderState::kRunning);
  CHECK(b.producer->open());
  CHECK(std::get<Runtime::RecorderPtr>(running.runtime->FindRecorder("b")) == b.recorder);
  CHECK(std::get<std::vector<std::string>>(running.runtime->RecorderIds()) ==
        std::vector<std::string>{"b", "a"});
  CHECK(Has(running.runtime->FindRecorder("c"), Kind::kNotFound));
}

TEST_CASE("runtime: refuses an id that is taken and touches nothing of either recorder") {
  RunningRuntime running;
  FedRecorder fed = running.Create("a");
  RingProducer other(10);
  CHECK(Has(CreateIn(*running.runtime, "a", 10, other.memory()), Kind::kAlreadyExists));
  CHECK_FALSE(other.open());
  CHECK(fed.Offer(running.tick));
  CHECK(std::get<Runtime::RecorderPtr>(running.runtime->FindRecorder("a")) == fed.recorder);
}

TEST_CASE("runtime: a snapshot has every event that its caller registered before") {
  RunningRuntime running;
  FedRecorder fed = running.Create("a");
  REQUIRE_FALSE(running.runtime->RegisterMetric(fed.recorder, running.Ticks("m")).has_value());
  for (int i = 1; i <= 200; ++i) {
    REQUIRE(fed.Offer(running.tick));
    REQUIRE(running.Snapshots(fed.recorder) == "{\"m\": {\"total\": " + std::to_string(i) + "}}");
  }
}

TEST_CASE("runtime: a metric has the events registered after it and none from before") {
  RunningRuntime running;
  FedRecorder fed = running.Create("a");
  REQUIRE_FALSE(running.runtime->RegisterMetric(fed.recorder, running.Ticks("first")).has_value());
  REQUIRE(fed.Offer(running.tick));
  REQUIRE_FALSE(running.runtime->RegisterMetric(fed.recorder, running.Ticks("second")).has_value());
  REQUIRE(fed.Offer(running.tick));
  CHECK(running.Snapshots(fed.recorder) ==
        "{\"first\": {\"total\": 2}, \"second\": {\"total\": 1}}");
}

TEST_CASE("runtime: a flush dispatches what was registered and changes no state") {
  RunningRuntime running;
  FedRecorder fed = running.Create("a");
  REQUIRE(fed.Offer(running.tick));
  running.runtime->Flush();
  CHECK(fed.recorder->ReadStats().dispatched == 1);
  CHECK(running.runtime->state() == RuntimeState::kRunning);
  CHECK(fed.Offer(running.tick));
}

TEST_CASE("runtime: a full queue is drained without any other call") {
  RunningRuntime running;
  FedRecorder fed = running.Create("a", 8);
  const uint64_t wake_ups = running.runtime->stats().wake_ups;
  for (int i = 0; i < 1'000; ++i) {
    REQUIRE(Eventually([&] { return fed.Offer(running.tick); }));
  }
  CHECK(running.runtime->stats().wake_ups > wake_ups);
  CHECK(running.runtime->stats().deepest_queue <= 8);
  running.runtime->Flush();
  CHECK(running.runtime->stats().events_drained == 1'000);
}

TEST_CASE("runtime: a removed recorder is let go and stays readable and never starts again") {
  RunningRuntime running;
  FedRecorder fed = running.Create("a");
  REQUIRE_FALSE(running.runtime->RegisterMetric(fed.recorder, running.Ticks("m")).has_value());
  for (int i = 0; i < 5; ++i) REQUIRE(fed.Offer(running.tick));
  const Runtime::Removal removal = running.runtime->StopAndRemoveRecorder("a");
  CHECK(removal.recorder == fed.recorder);
  CHECK(removal.let_go);
  CHECK_FALSE(removal.failure.has_value());
  CHECK_FALSE(fed.producer->open());
  running.Free(fed);
  CHECK(fed.recorder->ReadStats().dispatched == 5);
  CHECK(running.Snapshots(fed.recorder) == "{\"m\": {\"total\": 5}}");
  CHECK(Has(running.runtime->BeginStart(fed.recorder).operation->failure(), Kind::kNotFound));
  CHECK(Has(running.runtime->StopRecorder("a"), Kind::kNotFound));
  CHECK(Has(running.runtime->StopAndRemoveRecorder("a").failure, Kind::kNotFound));
  const FedRecorder next = running.Create("a");
  CHECK(next.recorder != fed.recorder);
}

TEST_CASE("runtime: of many that remove one recorder one gets it and the others do not find it") {
  RunningRuntime running;
  for (int round = 0; round < 50; ++round) {
    const FedRecorder fed = running.Create("a");
    std::atomic<int> removed{0};
    std::atomic<int> not_found{0};
    std::vector<std::thread> removers;
    for (int i = 0; i < 3; ++i) {
      removers.emplace_back([&] {
        const auto removal = running.runtime->StopAndRemoveRecorder("a");
        removed += removal.recorder == fed.recorder && !removal.failure.has_value();
        not_found += Has(removal.failure, Kind::kNotFound);
      });
    }
    for (auto& remover : removers) remover.join();
    REQUIRE(removed == 1);
    REQUIRE(not_found == 2);
  }
}

}  // namespace metrics_runtime::test
