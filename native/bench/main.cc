// <program> [--fixed-iterations=N] [Google Benchmark's own options]: N iterations of each
// benchmark, as callgrind wants them, instead of as many as fill the time.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string_view>

#include "measured.h"

int main(int argc, char** argv) {
  constexpr std::string_view kFixed = "--fixed-iterations=";
  int64_t fixed_iterations = 0;
  if (argc > 1 && std::string_view(argv[1]).starts_with(kFixed)) {
    fixed_iterations = std::atoll(argv[1] + kFixed.size());
    argv[1] = argv[0];
    ++argv;
    --argc;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  metrics_runtime::test::RegisterAll(fixed_iterations);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
