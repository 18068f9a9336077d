// What all native benchmarks share: they are timed by hand and, under callgrind
// (--collect-atstart=no), nothing but what was timed is collected, a dump for each benchmark that
// bears its name.
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_TOGGLE_COLLECT
#define CALLGRIND_DUMP_STATS_AT(name)
#endif

namespace metrics_runtime::test {

// For the iteration at hand.
template <typename Run>
void Measure(benchmark::State& state, Run&& run) {
  const auto begin = std::chrono::steady_clock::now();
  CALLGRIND_TOGGLE_COLLECT;
  run();
  CALLGRIND_TOGGLE_COLLECT;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  state.SetIterationTime(took.count());
}

// `run` gets the state and measures each iteration, which is `items` of what the benchmark is
// about: bench/native-benchmarks.ts divides by it. `fixed_iterations`: 0 as many as the time asks
// for.
template <typename Run>
void Register(const std::string& name, uint32_t items, int64_t fixed_iterations, Run&& run) {
  auto* registered = benchmark::RegisterBenchmark(
      name.c_str(), [=, run = std::forward<Run>(run)](benchmark::State& state) {
        run(state);
        CALLGRIND_DUMP_STATS_AT(name.c_str());
        state.counters["items"] = items;
        state.counters["seconds_per_item"] = benchmark::Counter(
            items, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
      });
  registered->UseManualTime();
  if (fixed_iterations > 0) registered->Iterations(fixed_iterations);
}

// One benchmark program registers what it has.
void RegisterAll(int64_t fixed_iterations);

}  // namespace metrics_runtime::test
