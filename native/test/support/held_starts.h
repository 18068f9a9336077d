// Creations and starts in two steps, held between them.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "runtime/runtime.h"
#include "support/gate.h"
#include "support/running_runtime.h"

namespace metrics_runtime::test {

using End = std::function<void(Runtime&)>;

// How a runtime ends, from whichever thread.
inline const std::array<End, 2> kEnds = {
    [](Runtime& runtime) { (void)runtime.Shutdown(); },
    [](Runtime& runtime) { runtime.EndWithEnvironment(); },
};

// A recorder that counts ticks, with a past of two, whose start is held.
struct HeldStart {
  HeldStart() {
    REQUIRE_FALSE(runtime.RegisterMetric(fed.recorder, running.Ticks("m")).has_value());
    for (int i = 0; i < 2; ++i) REQUIRE(fed.Offer(running.tick));
    REQUIRE_FALSE(runtime.StopRecorder("a").has_value());
    const Runtime::Beginning beginning = runtime.BeginHeldStart(fed.recorder, steps);
    REQUIRE(beginning.begun);
    operation = beginning.operation;
    REQUIRE(fed.recorder->state() == RecorderState::kStarting);
    REQUIRE_FALSE(operation->Wait(0));
  }

  void Finish() { runtime.FinishHeldStart(steps); }
  void Abandon() { runtime.AbandonHeldStart(fed.recorder, steps, "the reason"); }

  RunningRuntime running;
  Runtime& runtime = *running.runtime;
  FedRecorder fed = running.Create("a");
  Runtime::HeldStart steps = runtime.HoldStart(fed.recorder);
  std::shared_ptr<Operation> operation;
};

// A recorder whose creation is held.
struct HeldCreation {
  explicit HeldCreation(RunningRuntime& of) : running(of) {
    REQUIRE_FALSE(runtime.BeginCreation(recorder, producer->memory()).has_value());
    REQUIRE(recorder->state() == RecorderState::kStarting);
  }

  bool Offer() { return producer->Offer(running.tick, {1}) == RingProducer::Offered::kAccepted; }
  Status Finish() { return runtime.FinishCreation(recorder, steps); }
  void Abandon() { runtime.AbandonCreation(recorder, steps, "the reason"); }

  RunningRuntime& running;
  Runtime& runtime = *running.runtime;
  std::unique_ptr<RingProducer> producer = std::make_unique<RingProducer>(100u);
  Runtime::RecorderPtr recorder = std::make_shared<Recorder>("new", 100u);
  Runtime::HeldStart steps = runtime.HoldStart(recorder);
};

// Keeps the loop of a runtime in the midst of a stop, until the gate is opened.
class BusyLoop {
 public:
  explicit BusyLoop(Runtime& runtime) : runtime_(runtime) {
    recorder_->NotifyStops([gate = gate_] { gate->Pass(); });
    REQUIRE_FALSE(runtime.CreateRecorder(recorder_, producer_.memory()).has_value());
    stop_ = runtime.BeginStop(recorder_).operation;
    REQUIRE(gate_->AwaitArrival());
  }
  ~BusyLoop() {
    Release();
    (void)runtime_.StopAndRemoveRecorder("busy");
  }
  BusyLoop(const BusyLoop&) = delete;
  BusyLoop& operator=(const BusyLoop&) = delete;

  void Release() {
    gate_->Open();
    CHECK(Ends(stop_));
  }

 private:
  Runtime& runtime_;
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  RingProducer producer_{4};
  Runtime::RecorderPtr recorder_ = std::make_shared<Recorder>("busy", 4u);
  std::shared_ptr<Operation> stop_;
};

}  // namespace metrics_runtime::test
