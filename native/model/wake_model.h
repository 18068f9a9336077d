// A consumer that sleeps until it is woken and may also take a turn by itself: whatever the order,
// in the end either everything that a drain was asked for was dispatched, or a wake is under way.
#pragma once

#include "model/model_ring.h"

namespace metrics_runtime::model {

template <Bug kBug>
struct WakeModel : rl::test_suite<WakeModel<kBug>, 2> {
  static constexpr uint32_t kBound = 2;
  static constexpr uint32_t kTurns = 2;

  ModelRing ring;
  // uv_async_send, and weaker than it: it orders nothing, so nothing here can lean on it.
  rl::atomic<uint32_t> bell;
  uint32_t dispatched = 0;

  void before() {
    ring.Begin(RecorderState::kRunning);
    bell.store(0, rl::mo_relaxed, $);
  }

  void thread(unsigned index) {
    if (index == 0) {
      Produce();
    } else {
      for (uint32_t i = 0; i < kTurns; ++i) Turn();
    }
  }

  void after() { RL_ASSERT(bell.load(rl::mo_relaxed, $) == 1 || dispatched >= ring.requested); }

  void Produce() {
    RingProducerSteps<ModelWords<kBug>> steps(ModelWords<kBug>(ring), Entry::kSeqCst, kBound, 0);
    const auto wake = [this] { bell.store(1, rl::mo_relaxed, $); };
    const auto write = [] {};
    RL_ASSERT(steps.TryPublish(write));
    (void)steps.Publish(write, wake);  // one is half of two, so it asks for a drain
  }

  void Turn() {
    bell.exchange(0, rl::mo_relaxed, $);
    const RingConsumerSteps<ModelWords<kBug>> steps{ModelWords<kBug>(ring)};
    dispatched = steps.BeginDrain();
    steps.Release(dispatched);
  }
};

}  // namespace metrics_runtime::model
