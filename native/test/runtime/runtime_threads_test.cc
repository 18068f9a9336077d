// Threads that use a recorder which another one made, and their ends.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/gate.h"
#include "support/running_runtime.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

using Kind = Failure::Kind;
using Clock = std::chrono::steady_clock;

// What a thread has that joins a runtime: an identity and its end. Rings come with each recorder.
class Joined {
 public:
  explicit Joined(RunningRuntime& running) : running_(running) {}
  ~Joined() { End(); }
  Joined(const Joined&) = delete;
  Joined& operator=(const Joined&) = delete;

  Status Attach(const Runtime::RecorderPtr& recorder) {
    producer = std::make_unique<RingProducer>(recorder->queue_max_size(),
                                              [this] { running_.runtime->Wake(); });
    return running_.runtime->AttachRing(recorder, producer->memory(), this);
  }
  // How many of `events` were accepted.
  uint64_t Offer(int events) {
    uint64_t accepted = 0;
    for (; events > 0; --events) {
      accepted += producer->Offer(running_.tick, {1}) == RingProducer::Offered::kAccepted;
    }
    return accepted;
  }
  void End() {
    if (farewell_ == nullptr) return;
    running_.runtime->LetGoOf(std::exchange(farewell_, nullptr));
    producer.reset();  // AddressSanitizer and valgrind watch from here
  }

  std::unique_ptr<RingProducer> producer;

 private:
  RunningRuntime& running_;
  std::shared_ptr<Command> farewell_ = running_.runtime->MakeFarewell(this);
};

// A recorder of the creator's that counts ticks, and two threads that feed it too.
struct FedByThree {
  FedByThree() {
    REQUIRE_FALSE(running.runtime->RegisterMetric(fed.recorder, running.Ticks("m")).has_value());
    for (Joined* const thread : {&one, &two}) {
      REQUIRE_FALSE(thread->Attach(fed.recorder).has_value());
    }
  }
  [[nodiscard]] bool Counts(uint64_t events) const {
    const std::string snapshots = running.Snapshots(fed.recorder);  // dispatches what is pending
    const RecorderStats stats = fed.recorder->ReadStats();
    return snapshots == "{\"m\": {\"total\": " + std::to_string(events) + "}}" &&
           stats.accepted == events && stats.dispatched == events;
  }

  RunningRuntime running;
  Runtime& runtime = *running.runtime;
  FedRecorder fed = running.Create("a");
  Joined one{running};
  Joined two{running};
};

// A recorder that `creator` made and stopped, with a past of one event, whose start it holds.
struct HeldByThread {
  HeldByThread(RunningRuntime& running, Joined& creator)
      : recorder(std::make_shared<Recorder>("held", 8u, Recorder::Origin{.creator = &creator})),
        steps(running.runtime->HoldStart(recorder)) {
    creator.producer = std::make_unique<RingProducer>(8u);
    Runtime& runtime = *running.runtime;
    REQUIRE_FALSE(runtime.CreateRecorder(recorder, creator.producer->memory()).has_value());
    REQUIRE_FALSE(runtime.RegisterMetric(recorder, running.Ticks("m")).has_value());
    REQUIRE(creator.Offer(1) == 1);
    REQUIRE_FALSE(runtime.StopRecorder("held").has_value());
    const auto beginning = runtime.BeginHeldStart(recorder, steps);
    REQUIRE(beginning.begun);
    operation = beginning.operation;
  }

  Runtime::RecorderPtr recorder;
  Runtime::HeldStart steps;
  std::shared_ptr<Operation> operation;
};

// Whatever may come while a thread ends.
const std::array<std::function<void(Runtime&)>, 4> kMeanwhile = {
    [](Runtime& runtime) { (void)runtime.Shutdown(); },
    [](Runtime& runtime) { runtime.EndWithEnvironment(); },
    [](Runtime& runtime) { CHECK_FALSE(runtime.StopRecorder("a").has_value()); },
    [](Runtime& runtime) { CHECK(runtime.StopAndRemoveRecorder("a").let_go); },
};

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
    constexpr auto kEvents = static_cast<uint32_t>(Rounds(60'000));
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
