// One producer that drops at the bound, one consumer that drains: nothing lost, nothing reordered,
// never more than the bound, and no record touched by both at a time.
#pragma once

#include "model/model_ring.h"

namespace metrics_runtime::model {

template <Bug kBug, uint32_t kOffers, uint32_t kDrains>
struct SpscModel : rl::test_suite<SpscModel<kBug, kOffers, kDrains>, 2> {
  static constexpr uint32_t kBound = 1;

  ModelRing ring;
  // One more than the bound: the producer writes a record before it knows whether there is room.
  std::array<rl::var<uint32_t>, kBound + 1> records;
  uint32_t accepted = 0;
  uint32_t dispatched = 0;

  void before() { ring.Begin(RecorderState::kRunning); }

  void thread(unsigned index) {
    if (index == 0) {
      Produce();
    } else {
      for (uint32_t i = 0; i < kDrains; ++i) Drain();
    }
  }

  void after() {
    RL_ASSERT(accepted > 0);
    RL_ASSERT(dispatched <= accepted && accepted - dispatched <= kBound);
    Drain();
    RL_ASSERT(dispatched == accepted);
  }

  void Produce() {
    RingProducerSteps<ModelWords<kBug>> steps(ModelWords<kBug>(ring), Entry::kSeqCst,
                                              kBound + (kBug == Bug::kFullOffByOne ? 1 : 0), 0);
    for (uint32_t i = 0; i < kOffers; ++i) {
      records[accepted % records.size()]($) = accepted;
      const auto write = [] {};
      if (steps.TryPublish(write)) {
        ++accepted;
      } else if (steps.Publish(write, [] {}) == decltype(steps)::Published::kYes) {
        ++accepted;
      }
    }
  }

  void Drain() {
    const RingConsumerSteps<ModelWords<kBug>> steps{ModelWords<kBug>(ring)};
    const uint32_t tail = steps.BeginDrain();
    RL_ASSERT(tail - dispatched <= kBound);
    while (dispatched != tail) {
      const uint32_t number = records[dispatched % records.size()]($);
      RL_ASSERT(number == dispatched);
      ++dispatched;
      steps.Release(dispatched);
    }
  }
};

}  // namespace metrics_runtime::model
