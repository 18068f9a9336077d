// A producer, and a thread that closes the ring under it and drains for the last time: what the
// producer was told is accepted is what was dispatched.
#pragma once

#include "model/model_ring.h"

namespace metrics_runtime::model {

template <Bug kBug, Entry kEntry>
struct ClosingModel : rl::test_suite<ClosingModel<kBug, kEntry>, 2> {
  static constexpr uint32_t kBound = 4;
  static constexpr uint32_t kOffers = 2;
  // Then it gives up, as after the limit; such an execution may leave one event pending.
  static constexpr int kPauses = 2;

  ModelRing ring;
  uint32_t accepted = 0;
  uint32_t dispatched = 0;
  bool waited = false;

  void before() { ring.Begin(RecorderState::kRunning); }

  void thread(unsigned index) {
    if (index == 0) {
      Produce();
    } else {
      Close();
    }
  }

  void after() {
    RL_ASSERT(dispatched <= accepted);
    RL_ASSERT(!waited || dispatched == accepted);
  }

  void Produce() {
    RingProducerSteps<ModelWords<kBug>> steps(ModelWords<kBug>(ring), kEntry, kBound, 0);
    for (uint32_t i = 0; i < kOffers; ++i) {
      const auto write = [] {};
      if (steps.TryPublish(write)) {
        ++accepted;
      } else if (steps.Publish(write, [] {}) == decltype(steps)::Published::kYes) {
        ++accepted;
      }
    }
  }

  void Close() {
    const RingConsumerSteps<ModelWords<kBug>> steps{ModelWords<kBug>(ring)};
    steps.TellState(RecorderState::kStopping);
    waited = AwaitProducers(
        [] {
          if (kEntry == Entry::kClosersBarrier) ModelWords<kBug>::HeavyBarrier();
        },
        [&] { return steps.ProducerInside(); },
        [pauses = kPauses]() mutable {
          rl::yield(1, $);
          return pauses-- > 0;
        });
    dispatched = steps.BeginDrain();
    steps.Release(dispatched);
  }
};

}  // namespace metrics_runtime::model
