// Threads that use a recorder which another one made.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/running_runtime.h"

namespace metrics_runtime::test {

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
inline const std::array<std::function<void(Runtime&)>, 4> kMeanwhile = {
    [](Runtime& runtime) { CHECK_FALSE(runtime.Shutdown().has_value()); },
    [](Runtime& runtime) { runtime.EndWithEnvironment(); },
    [](Runtime& runtime) { CHECK_FALSE(runtime.StopRecorder("a").has_value()); },
    [](Runtime& runtime) { CHECK(runtime.StopAndRemoveRecorder("a").let_go); },
};

}  // namespace metrics_runtime::test
