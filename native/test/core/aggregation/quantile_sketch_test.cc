#include "core/aggregation/quantile_sketch.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "support/quantile_sketches.h"
#include "support/refused_memory.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

TEST_CASE("quantile sketch: is zeros and nulls while it is empty") {
  const AggregationOptions options = OptionsOf(0.01, {0.5, 1});
  const QuantileSketch sketch(options);
  CHECK(TextOf(sketch) ==
        "{\"count\": 0, \"sum\": 0, \"min\": null, \"max\": null, \"quantiles\": "
        "{\"0.500000\": null, \"1.000000\": null}}");
  CHECK(sketch.heap_bytes() == 0);
}

TEST_CASE("quantile sketch: has the quantiles in the order of the options") {
  AggregationOptions options;
  options.quantiles = {{1, "1"}, {0, "0"}, {0.5, "0.5"}};
  CHECK(TextOf(SketchOf(options, {-4, 0, 7})) ==
        "{\"count\": 3, \"sum\": 3, \"min\": -4, \"max\": 7, \"quantiles\": "
        "{\"1\": 7, \"0\": -4, \"0.5\": 0}}");
}

TEST_CASE("quantile sketch: the quantile is the value of the rank rounded down") {
  const AggregationOptions options = OptionsOf(1e-4, {0.32, 0.34, 0.66, 0.67, 0.99});
  const std::vector<double> estimates = EstimatesOf(SketchOf(options, {-10, 20, 30, 40}));
  const std::vector<double> exact = {-10, 20, 20, 30, 30};
  REQUIRE(estimates.size() == exact.size());
  for (size_t i = 0; i < exact.size(); ++i) CHECK(RelativeError(estimates[i], exact[i]) <= 1e-4);
}

TEST_CASE("quantile sketch: magnitudes below the smallest normal double are zeros") {
  const double tiny = std::numeric_limits<double>::min() / 2;
  const AggregationOptions options = OptionsOf(0.01, {0.5});
  const QuantileSketch sketch = SketchOf(options, {-1, -tiny, -0.0, tiny, 1});
  CHECK(EstimatesOf(sketch) == std::vector<double>{0});
  const QuantileSketch zeros = SketchOf(options, {-tiny, -0.0, tiny});
  CHECK(EstimatesOf(zeros) == std::vector<double>{0});
  CHECK(zeros.heap_bytes() == 0);
}

TEST_CASE("quantile sketch: the memory follows the range") {
  const AggregationOptions options = OptionsOf(0.01, {0.5});
  QuantileSketch sketch(options);
  sketch.Record(5);
  CHECK(sketch.heap_bytes() == 16 * sizeof(uint64_t));
  for (int i = 0; i < 1000; ++i) sketch.Record(5);
  CHECK(sketch.heap_bytes() == 16 * sizeof(uint64_t));
  sketch.Record(5000);
  CHECK(sketch.heap_bytes() == 512 * sizeof(uint64_t));  // 345 keys apart
  sketch.Record(-5);
  CHECK(sketch.heap_bytes() == (512 + 16) * sizeof(uint64_t));  // each sign has its own
}

TEST_CASE("quantile sketch: a bin is as wide as the stated error lets it be") {
  const AggregationOptions options = OptionsOf(0.9, {0.5});                   // gamma is 19
  CHECK(SketchOf(options, {1, 1e19}).heap_bytes() == 16 * sizeof(uint64_t));  // keys 0 … 15
  CHECK(SketchOf(options, {1, 1e20}).heap_bytes() == 32 * sizeof(uint64_t));  // keys 0 … 16
}

TEST_CASE("quantile sketch: refused memory changes nothing") {
  const AggregationOptions options = OptionsOf(0.01, EveryRank(9));
  const QuantileSketch other = SketchOf(options, {-1e-9, -1e9, 1e-9, 1e9, 0});
  const std::vector<std::function<void(QuantileSketch&)>> changes = {
      [](QuantileSketch& sketch) { sketch.Record(1e9); },
      [](QuantileSketch& sketch) { sketch.Record(-1e-9); },
      [&](QuantileSketch& sketch) { sketch.Merge(other); },
  };
  const std::vector<std::vector<double>> values_before = {{}, {1}, {-1, 1}, {-1e20, 1, 2e300}};
  for (const std::vector<double>& values : values_before) {
    for (const auto& change : changes) {
      QuantileSketch sketch = SketchOf(options, values);
      const std::string before = TextOf(sketch);
      const size_t bytes_before = sketch.heap_bytes();
      for (size_t granted = 0; IsRefused(granted, [&] { change(sketch); }); ++granted) {
        CAPTURE(granted);
        CHECK(TextOf(sketch) == before);
        CHECK(sketch.heap_bytes() == bytes_before);
      }
      QuantileSketch expected = SketchOf(options, values);
      change(expected);
      CHECK(TextOf(sketch) == TextOf(expected));
    }
  }
}

}  // namespace metrics_runtime::test
