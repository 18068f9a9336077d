#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/aggregation/quantile_sketch.h"
#include "support/quantile_sketches.h"
#include "support/random_values.h"

namespace metrics_runtime::test {

namespace {

struct DataSet {
  std::string name;
  std::vector<double> values;
};

// Their magnitudes of one sign are at most 10^11 apart, which each of the errors below covers.
std::vector<DataSet> DataSets() {
  const std::vector<std::pair<std::string, std::function<double(RandomSource&)>>> sources = {
      {"log-normal", [](RandomSource& s) { return s.LogNormal(2, 1); }},
      {"bimodal",
       [](RandomSource& s) {
         return s.Uniform() < 0.6 ? s.LogNormal(0, 0.1) : s.LogNormal(std::log(500), 0.2);
       }},
      {"Pareto 1", [](RandomSource& s) { return s.Pareto(1); }},
      {"Pareto 0.5", [](RandomSource& s) { return s.Pareto(0.5); }},
      {"constant", [](RandomSource&) { return 0.1; }},
      {"negative", [](RandomSource& s) { return -s.LogNormal(2, 1); }},
      {"mixed sign", [](RandomSource& s) { return 10 * s.Normal() + 3; }},
      {"with zeros", [](RandomSource& s) { return s.Uniform() < 0.4 ? 0 : s.Normal(); }},
  };
  std::vector<DataSet> sets;
  uint64_t seed = 0;
  for (const auto& [name, next] : sources) sets.push_back({name, Generated(100'000, ++seed, next)});
  return sets;
}

}  // namespace

TEST_CASE("quantile sketch: every quantile is within the stated error") {
  const std::vector<double> quantiles = {0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1};
  const std::vector<DataSet> sets = DataSets();
  for (const double relative_error : {0.1, 0.01, 0.001, 1e-4}) {
    const AggregationOptions options = OptionsOf(relative_error, quantiles);
    double worst = 0;
    for (const DataSet& set : sets) {
      const std::vector<double> estimates = EstimatesOf(SketchOf(options, set.values));
      std::vector<double> sorted = set.values;
      std::ranges::sort(sorted);
      CHECK(estimates.front() == sorted.front());
      CHECK(estimates.back() == sorted.back());
      for (size_t i = 0; i < quantiles.size(); ++i) {
        const double exact = ExactQuantile(sorted, quantiles[i]);
        CAPTURE(relative_error);
        CAPTURE(set.name);
        CAPTURE(quantiles[i]);
        CHECK(RelativeError(estimates[i], exact) <= relative_error);
        worst = std::max(worst, RelativeError(estimates[i], exact));
      }
    }
    MESSAGE("relative error " << relative_error << ": worst " << worst);
    CHECK(worst > relative_error / 2);  // or the bins are narrower than what they cost
  }
}

TEST_CASE("quantile sketch: a value on the edge of a bin is within the stated error") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double relative_error : {0.99, 0.5, 0.1, 0.01, 1e-3, 1e-4}) {
    const AggregationOptions options = OptionsOf(relative_error, {0.5});
    // The widths of the bins as stated and as they are, with keys over the whole range of a double.
    for (const double accuracy : {relative_error, relative_error - 2e-12}) {
      const double log_gamma = std::log1p(2 * accuracy / (1 - accuracy));
      RandomSource source(7);
      double worst = 0;
      for (int i = 0; i < 2000; ++i) {
        const double key = std::round((source.Uniform() * 1416 - 707) / log_gamma);
        const double edge = std::exp(key * log_gamma);
        for (const double value :
             {std::nextafter(edge, 0), edge, std::nextafter(edge, kInfinity)}) {
          // Between two others, as min and max are exact.
          const auto sketch = SketchOf(options, {value * 0.9995, value, value * 1.0005});
          worst = std::max(worst, RelativeError(EstimatesOf(sketch)[0], value));
        }
      }
      CAPTURE(relative_error);
      CHECK(worst <= relative_error);
    }
  }
}

TEST_CASE("quantile sketch: takes the largest and the smallest doubles") {
  constexpr double kMost = std::numeric_limits<double>::max();
  constexpr double kLeast = std::numeric_limits<double>::min();
  constexpr double kTiny = std::numeric_limits<double>::denorm_min();
  for (const double relative_error : {std::nextafter(1.0, 0), 0.99, 0.01, 1e-4}) {
    CAPTURE(relative_error);
    const AggregationOptions options = OptionsOf(relative_error, {0, 0.2, 0.8, 1});
    const std::vector<double> estimates =
        EstimatesOf(SketchOf(options, {-kMost, -kMost, -kTiny, kTiny, kMost, kMost}));
    REQUIRE(estimates.size() == 4);
    CHECK(estimates[0] == -kMost);
    CHECK(RelativeError(estimates[1], -kMost) <= relative_error);
    CHECK(RelativeError(estimates[2], kMost) <= relative_error);
    CHECK(estimates[3] == kMost);
    const std::vector<double> least =
        EstimatesOf(SketchOf(options, {0, 0, 0, kLeast, kLeast * 1.0001}));
    CHECK(RelativeError(least[2], kLeast) <= relative_error);
  }
}

}  // namespace metrics_runtime::test
