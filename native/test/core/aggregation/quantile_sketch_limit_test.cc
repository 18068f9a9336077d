#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "core/aggregation/quantile_sketch.h"
#include "support/quantile_sketches.h"

namespace metrics_runtime::test {

namespace {

// How far below the largest magnitude of its sign a value can be and have the bound: what the
// header says of the limit on the bins, from the stated error alone.
double CoveredRatio(double relative_error) {
  const double log_gamma = std::log((1 + relative_error) / (1 - relative_error));
  double bins = 2048;
  while (bins < std::log(1e9) / log_gamma + 1) bins *= 2;
  return std::exp((bins - 2) * log_gamma);
}

bool IsCovered(double value, const std::vector<double>& sorted, double relative_error) {
  const double largest = value < 0 ? sorted.front() : sorted.back();
  return value == 0 || largest / value < CoveredRatio(relative_error);
}

}  // namespace

TEST_CASE("quantile sketch: the limit on the bins follows the stated error") {
  const std::vector<std::pair<double, size_t>> limits = {
      {0.1, 2048},    {0.01, 2048},  {0.0051, 2048}, {0.005, 4096},
      {0.001, 16384}, {2e-4, 65536}, {1e-4, 131072},
  };
  for (const auto& [relative_error, bins] : limits) {
    CAPTURE(relative_error);
    const AggregationOptions options = OptionsOf(relative_error, {0.5});
    const std::vector<double> positive = {1e-300, 1e300, 1};
    CHECK(SketchOf(options, positive).heap_bytes() == bins * sizeof(uint64_t));
    const std::vector<double> both = {1e-300, 1e300, 1, -1e300, -1e-300, -1};
    CHECK(SketchOf(options, both).heap_bytes() == 2 * bins * sizeof(uint64_t));
  }
}

TEST_CASE("quantile sketch: magnitudes a ratio of 10^9 apart have the bound at every error") {
  const std::vector<double> values = {-1e9, -1e9, -1, -1, 1, 1, 1e9, 1e9};
  for (double relative_error = 1e-4; relative_error < 1; relative_error *= 1.03) {
    CAPTURE(relative_error);
    const AggregationOptions options = OptionsOf(relative_error, EveryRank(7));
    const std::vector<double> estimates = EstimatesOf(SketchOf(options, values));
    REQUIRE(estimates.size() == values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      CHECK(RelativeError(estimates[i], values[i]) <= relative_error);
    }
  }
}

TEST_CASE("quantile sketch: beyond the limit the smallest magnitudes collapse") {
  const AggregationOptions options = OptionsOf(0.01, EveryRank(600));
  std::vector<double> sorted;  // 601 magnitudes, 1e-150 … 1e150
  for (int i = -300; i <= 300; ++i) sorted.push_back(std::pow(10, i * 0.5));
  std::vector<double> shuffled = sorted;
  std::ranges::shuffle(shuffled, std::mt19937_64(3));
  const QuantileSketch sketch = SketchOf(options, shuffled);
  CHECK(sketch.heap_bytes() == 2048 * sizeof(uint64_t));
  const std::vector<double> estimates = EstimatesOf(sketch);
  REQUIRE(estimates.size() == sorted.size());
  CHECK(estimates[0] == sorted[0]);
  size_t kept = 0;
  for (size_t i = 1; i < sorted.size(); ++i) {
    CAPTURE(i);
    if (IsCovered(sorted[i], sorted, 0.01)) {
      ++kept;
      CHECK(RelativeError(estimates[i], sorted[i]) <= 0.01);
    } else if (sorted[i] < 1e150 / 7e17) {
      CHECK(estimates[i] == estimates[1]);  // the lowest bin
      CHECK(estimates[i] > sorted[i]);
    }
  }
  CHECK(kept == 36);  // 17.8 decades of two
}

TEST_CASE("quantile sketch: negative values collapse next to zero as well") {
  const AggregationOptions options = OptionsOf(0.01, {0.25, 0.5, 0.75});
  const std::vector<double> estimates = EstimatesOf(SketchOf(options, {-1e100, -1e99, -1, 1, 2}));
  CHECK(RelativeError(estimates[0], -1e99) <= 0.01);
  CHECK(estimates[1] < -1e80);
  CHECK(RelativeError(estimates[2], 1) <= 0.01);
}

TEST_CASE("quantile sketch: a rising value collapses what it leaves behind") {
  const AggregationOptions options = OptionsOf(1e-4, EveryRank(199));
  QuantileSketch sketch(options);
  std::vector<double> values;  // a bin further each, beyond the limit of 131072 bins
  for (int i = 0; i < 200'000; ++i) values.push_back(std::exp(i * 2e-4));
  for (const double value : values) sketch.Record(value);
  CHECK(sketch.heap_bytes() == 131072 * sizeof(uint64_t));
  const std::vector<double> estimates = EstimatesOf(sketch);
  REQUIRE(estimates.size() == options.quantiles.size());
  size_t kept = 0;
  for (size_t i = 0; i < estimates.size(); ++i) {
    CAPTURE(i);
    const double exact = ExactQuantile(values, options.quantiles[i].q);
    if (IsCovered(exact, values, 1e-4)) {
      ++kept;
      CHECK(RelativeError(estimates[i], exact) <= 1e-4);
    } else {
      CHECK(estimates[i] == estimates[0]);
      CHECK(estimates[i] > exact);
    }
  }
  CHECK(kept == 131);
}

}  // namespace metrics_runtime::test
