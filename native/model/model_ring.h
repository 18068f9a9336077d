// One ring inside the model checker Relacy: its words as the checker's atomics, its records as
// variables that must not be raced for. The steps over them are core/ring_protocol.h, unchanged.
//
// Relacy runs one execution after another on one thread, in each with another order of the threads'
// steps and, for each load, another of the values that C++ lets it see.
#pragma once

#include <array>
#include <cstdint>
#include <iostream>

#include "core/ring_protocol.h"

// Last, because it gives names of the standard library another meaning.
#include <relacy/relacy.hpp>

namespace metrics_runtime::model {

// What is left out or weakened on purpose; each must be found.
enum class Bug {
  kNone,
  kRelaxedTail,
  kRelaxedHead,
  kRelaxedWakeOfProducer,
  kRelaxedWakeOfConsumer,
  kNoBusy,
  kNoBarrier,
  kFullOffByOne,
};

struct ModelRing {
  std::array<rl::atomic<uint32_t>, kRingWords> words;
  // Not part of the ring: the tail that the producer last asked a drain for.
  uint32_t tail_before_request = 0;
  uint32_t requested = 0;

  void Begin(RecorderState state) {
    for (auto& word : words) word.store(0, rl::mo_relaxed, $);
    words[static_cast<size_t>(RingWord::kState)].store(static_cast<uint32_t>(state), rl::mo_relaxed,
                                                       $);
  }
};

template <Bug kBug>
class ModelWords {
 public:
  explicit ModelWords(ModelRing& ring) : ring_(&ring) {}

  uint32_t LoadRelaxed(RingWord word) const { return At(word).load(rl::mo_relaxed, $); }
  uint32_t LoadAcquire(RingWord word) const { return At(word).load(rl::mo_acquire, $); }
  uint32_t LoadSeqCst(RingWord word) const { return At(word).load(rl::mo_seq_cst, $); }
  void StoreRelaxed(RingWord word, uint32_t value) const { Store(word, value, rl::mo_relaxed); }
  void StoreRelease(RingWord word, uint32_t value) const { Store(word, value, rl::mo_release); }
  void StoreSeqCst(RingWord word, uint32_t value) const { Store(word, value, rl::mo_seq_cst); }
  uint32_t ExchangeSeqCst(RingWord word, uint32_t value) const {
    const bool of_producer = value == 1;
    if (of_producer) ring_->requested = ring_->tail_before_request;
    const bool weak =
        kBug == (of_producer ? Bug::kRelaxedWakeOfProducer : Bug::kRelaxedWakeOfConsumer);
    return At(word).exchange(value, weak ? rl::mo_relaxed : rl::mo_seq_cst, $);
  }

  // The process-wide barrier makes the producer pass a full fence somewhere; if that is not between
  // its two steps, it is before both or behind both, and then their order does not matter. So the
  // pair of light and heavy is exactly as strong, towards each other, as two full fences (that is
  // how P1202, asymmetric fences, defines them too). Towards anything else the light one is
  // nothing, and nothing else here leans on it: SpscModel and WakeModel run without it.
  void LightBarrier() const { HeavyBarrier(); }
  static void HeavyBarrier() {
    if (kBug != Bug::kNoBarrier) rl::atomic_thread_fence(rl::mo_seq_cst, $);
  }

 private:
  void Store(RingWord word, uint32_t value, rl::memory_order order) const {
    if (word == RingWord::kBusy && kBug == Bug::kNoBusy) return;
    if (word == RingWord::kTail) {
      ring_->tail_before_request = value;
      if (kBug == Bug::kRelaxedTail) order = rl::mo_relaxed;
    }
    if (word == RingWord::kHead && kBug == Bug::kRelaxedHead) order = rl::mo_relaxed;
    At(word).store(value, order, $);
  }
  [[nodiscard]] rl::atomic<uint32_t>& At(RingWord word) const {
    return ring_->words[static_cast<size_t>(word)];
  }

  ModelRing* ring_;
};

// Looks at every execution of `Model`, up to its first failure. Whether that went as it must.
//
// `random_executions`, where it is not 0: looks at so many at random instead. In a full search a
// load sees the last value or the one before it; at random also the one before that, which matters
// where one value is stored twice, as RequestDrain stores the tail again.
template <typename Model>
[[nodiscard]] bool Check(const char* name, bool must_hold, rl::iteration_t random_executions = 0) {
  rl::test_params params;
  // Not a string stream: Relacy's own operator new would come between.
  std::ostream nowhere(nullptr);
  params.search_type = random_executions == 0 ? rl::sched_full : rl::sched_random;
  params.iteration_count = random_executions == 0 ? 200'000'000 : random_executions;
  params.output_stream = &nowhere;
  params.progress_stream = &nowhere;
  const bool held = rl::simulate<Model>(params);
  const bool as_expected = held == must_hold;
  std::cout << (as_expected ? "ok      " : "FAILED  ") << name << ": "
            << (held ? (random_executions == 0 ? "holds in all " : "holds in random ")
                     : "broken, found in execution ")
            << params.stop_iteration << (held ? " executions" : "") << " ("
            << rl::test_result_str(params.test_result) << ")" << std::endl;
  return as_expected;
}

}  // namespace metrics_runtime::model
