// Many threads on one runtime, and what must hold whatever order they come in.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <source_location>
#include <string>
#include <thread>
#include <vector>

#include "support/running_runtime.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

using Kind = Failure::Kind;

constexpr int kThreads = 4;

bool Expected(const Status& status, std::initializer_list<Kind> kinds) {
  if (!status.has_value()) return true;
  for (const Kind kind : kinds) {
    if (status->kind == kind) return true;
  }
  return false;
}
template <typename Value>
Status StatusOf(const Result<Value>& result) {
  const auto* failure = std::get_if<Failure>(&result);
  return failure == nullptr ? std::nullopt : Status(*failure);
}

// What the threads leave behind for the checks after they have ended.
struct Remains {
  std::mutex mutex;
  std::vector<FedRecorder> recorders;
  std::vector<std::shared_ptr<Operation>> operations;
  std::atomic<int> created{0};
  std::atomic<int> removed{0};
  std::string unexpected;  // where something was not as expected

  void Expect(bool holds, std::source_location where = std::source_location::current()) {
    if (holds) return;
    const std::lock_guard lock(mutex);
    unexpected += " line " + std::to_string(where.line());
  }
  void Keep(FedRecorder recorder) {
    const std::lock_guard lock(mutex);
    recorders.push_back(std::move(recorder));
  }
  void Keep(std::shared_ptr<Operation> operation) {
    const std::lock_guard lock(mutex);
    operations.push_back(std::move(operation));
  }
};

// What a call may say when the runtime ends under it.
constexpr std::initializer_list<Kind> kEnding = {Kind::kRuntimeState, Kind::kLoopUnavailable};

// One step on ids that all threads fight for; no events.
void FightForIds(Runtime& runtime, Remains& remains, std::mt19937& random) {
  const std::string id = "shared " + std::to_string(random() % 3);
  switch (random() % 6) {
    case 0: {
      auto producer = std::make_shared<RingProducer>(4u);
      auto created = CreateIn(runtime, id, 4, producer->memory());
      remains.Expect(Expected(StatusOf(created),
                              {Kind::kAlreadyExists, Kind::kRuntimeState, Kind::kLoopUnavailable}));
      if (Succeeded(created)) {
        ++remains.created;
        remains.Keep({std::move(producer), std::get<Runtime::RecorderPtr>(created)});
      }
      break;
    }
    case 1: {
      const auto removal = runtime.StopAndRemoveRecorder(id);
      remains.Expect(Expected(removal.failure, {Kind::kNotFound, Kind::kRuntimeState,
                                                Kind::kLoopUnavailable, Kind::kRecorderState}));
      remains.removed += removal.recorder != nullptr;
      break;
    }
    case 2:
    case 3: {
      const auto found = runtime.FindRecorder(id);
      if (!Succeeded(found)) break;
      const auto& recorder = std::get<Runtime::RecorderPtr>(found);
      remains.Keep(random() % 2 == 0 ? runtime.BeginStart(recorder).operation
                                     : runtime.BeginStop(recorder).operation);
      break;
    }
    case 4:
      remains.Expect(Expected(
          runtime.StopRecorder(id),
          {Kind::kNotFound, Kind::kRuntimeState, Kind::kLoopUnavailable, Kind::kRecorderState}));
      break;
    default:
      (void)runtime.RecorderIds();
      break;
  }
}

// The whole life of a recorder that this thread alone uses, with events. `feeding` is held while
// events are offered; a shutdown by another thread comes between.
void LiveALife(RunningRuntime& running, Remains& remains, std::mt19937& random,
               const std::string& id, std::shared_mutex& feeding) {
  auto producer = std::make_shared<RingProducer>(16u, [&running] { running.runtime->Wake(); });
  auto created = CreateIn(*running.runtime, id, 16, producer->memory());
  remains.Expect(Expected(StatusOf(created), kEnding));
  if (!Succeeded(created)) return;
  FedRecorder fed{std::move(producer), std::get<Runtime::RecorderPtr>(created)};
  const Status registered = running.runtime->RegisterMetric(fed.recorder, running.Ticks("m"));
  remains.Expect(
      Expected(registered, {Kind::kRuntimeState, Kind::kLoopUnavailable, Kind::kRecorderState}));
  if (registered.has_value()) {
    remains.Keep(std::move(fed));
    return;
  }
  uint64_t accepted = 0;
  for (int i = 0; i < 5; ++i) {
    {
      const std::shared_lock lock(feeding);
      for (auto n = random() % 40; n > 0; --n) accepted += fed.Offer(running.tick);
    }
    remains.Expect(running.Snapshots(fed.recorder) ==
                   "{\"m\": {\"total\": " + std::to_string(accepted) + "}}");
  }
  if (random() % 4 == 0) {
    remains.Keep(std::move(fed));  // for the shutdown
    return;
  }
  const auto removal = running.runtime->StopAndRemoveRecorder(id);
  remains.Expect(Expected(removal.failure, kEnding));
  if (!removal.let_go) {
    remains.Keep(std::move(fed));
    return;
  }
  fed.producer.reset();
  const RecorderStats stats = fed.recorder->ReadStats();
  remains.Expect(stats.accepted == accepted && stats.dispatched == accepted);
  remains.Expect(fed.recorder->state() == RecorderState::kStopped);
}

// Lets `kThreads` threads at the runtime, and `meanwhile` on this one.
template <typename Meanwhile>
void Rampage(RunningRuntime& running, Remains& remains, uint64_t steps, uint32_t seed,
             std::shared_mutex& feeding, Meanwhile&& meanwhile) {
  std::atomic<int> begun{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      std::mt19937 random(seed * 100 + static_cast<uint32_t>(thread));
      ++begun;
      for (uint64_t step = 0; step < steps; ++step) {
        if (random() % 4 == 0) {
          const std::string id = std::to_string(thread) + " " + std::to_string(step);
          LiveALife(running, remains, random, id, feeding);
        } else {
          FightForIds(*running.runtime, remains, random);
        }
      }
    });
  }
  CHECK(Eventually([&] { return begun == kThreads; }));
  meanwhile();
  for (auto& thread : threads) thread.join();
}

// Nothing is under way and the memory of every ring has gone: what is left must be at rest.
void CheckAtRest(RunningRuntime& running, Remains& remains) {
  CHECK(running.runtime->let_go());
  CHECK(remains.unexpected == "");
  for (const auto& operation : remains.operations) REQUIRE(operation->Wait(kPatienceNs));
  for (FedRecorder& fed : remains.recorders) {
    fed.producer.reset();
    CHECK(fed.recorder->state() == RecorderState::kStopped);
    const RecorderStats stats = fed.recorder->ReadStats();
    CHECK(stats.accepted == stats.dispatched);
    CHECK(Succeeded(running.runtime->Snapshots(fed.recorder)));
  }
}

}  // namespace

TEST_SUITE("stress") {
  TEST_CASE("runtime: threads that create and stop and remove leave a registry that adds up") {
    for (uint32_t seed = 0; seed < 3; ++seed) {
      CAPTURE(seed);
      Remains remains;  // outlives the runtime: the memory of its rings does
      RunningRuntime running;
      std::shared_mutex feeding;
      Rampage(running, remains, Rounds(500), seed, feeding, [] {});
      const auto ids = std::get<std::vector<std::string>>(running.runtime->RecorderIds());
      const auto shared = std::ranges::count_if(
          ids, [](const std::string& id) { return id.starts_with("shared"); });
      CHECK(remains.created - remains.removed == shared);
      CHECK_FALSE(running.runtime->Shutdown().has_value());
      CheckAtRest(running, remains);
    }
  }

  TEST_CASE("runtime: a shutdown in the midst of other calls leaves nothing running") {
    const uint64_t rounds = Rounds(100);
    for (uint32_t seed = 0; seed < rounds; ++seed) {
      CAPTURE(seed);
      Remains remains;  // outlives the runtime: the memory of its rings does
      RunningRuntime running;
      std::shared_mutex feeding;
      Rampage(running, remains, 20, seed, feeding, [&] {
        if (seed % 3 == 0) std::this_thread::yield();
        const std::unique_lock lock(feeding);
        if (seed % 2 == 0) {
          CHECK_FALSE(running.runtime->Shutdown().has_value());
        } else {
          running.runtime->EndWithEnvironment();
        }
        CHECK(running.runtime->state() == RuntimeState::kClosed);
      });
      CheckAtRest(running, remains);
    }
  }

  TEST_CASE("runtime: a recorder removed while others start it stays stopped") {
    RunningRuntime running;
    const uint64_t rounds = Rounds(500);
    for (uint64_t round = 0; round < rounds; ++round) {
      const FedRecorder fed = running.Create("a");
      REQUIRE_FALSE(running.runtime->StopRecorder("a").has_value());
      std::vector<std::shared_ptr<Operation>> starts;
      std::atomic<bool> begun{false};
      std::thread starter([&] {
        for (bool registered = true; registered;) {
          starts.push_back(running.runtime->BeginStart(fed.recorder).operation);
          begun = true;
          registered = Succeeded(running.runtime->FindRecorder("a"));
        }
      });
      CHECK(Eventually([&] { return begun.load(); }));
      (void)running.runtime->StopAndRemoveRecorder("a");
      starter.join();
      for (const auto& start : starts) REQUIRE(start->Wait(kPatienceNs));
      REQUIRE(fed.recorder->state() == RecorderState::kStopped);
    }
  }
}

}  // namespace metrics_runtime::test
