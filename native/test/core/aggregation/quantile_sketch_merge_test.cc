#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include "core/aggregation/quantile_sketch.h"
#include "support/quantile_sketches.h"
#include "support/random_values.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

// The values are integers, so that the sums are exact and whole snapshots can be compared.
TEST_CASE("quantile sketch: the merge of parts equals the whole") {
  const auto narrow = [](RandomSource& s) { return std::round(s.LogNormal(5, 1)); };
  const auto wide = [](RandomSource& s) { return std::round(s.Pareto(0.2)) * (s.Uniform() - 0.5); };
  for (const double relative_error : {0.1, 0.01, 0.0051, 1e-4}) {
    CAPTURE(relative_error);
    const AggregationOptions options = OptionsOf(relative_error, EveryRank(1999));
    for (const bool is_wide : {false, true}) {  // beyond the ratios covered at 0.0051 and 1e-4
      std::vector<double> values =
          is_wide ? Generated(2000, 11, wide) : Generated(2000, 12, narrow);
      for (double& value : values) value = std::clamp(std::round(value), -1e12, 1e12);
      const QuantileSketch whole = SketchOf(options, values);
      std::vector<QuantileSketch> parts(7, QuantileSketch(options));
      for (size_t i = 0; i < values.size(); ++i) parts[i * i % 7].Record(values[i]);
      QuantileSketch forwards(options);
      for (const QuantileSketch& part : parts) forwards.Merge(part);
      QuantileSketch backwards(options);
      for (size_t i = parts.size(); i-- > 0;) backwards.Merge(parts[i]);
      std::ranges::sort(values);
      const QuantileSketch ascending = SketchOf(options, values);
      std::ranges::reverse(values);
      const QuantileSketch descending = SketchOf(options, values);
      for (const auto* other : std::initializer_list<const QuantileSketch*>{
               &forwards, &backwards, &ascending, &descending}) {
        CHECK(TextOf(*other) == TextOf(whole));
        CHECK(other->heap_bytes() == whole.heap_bytes());
      }
    }
  }
}

TEST_CASE("quantile sketch: a far larger part collapses all of the other") {
  const AggregationOptions options = OptionsOf(0.01, EveryRank(5));
  const std::vector<double> small = {1, 2, 4};
  const std::vector<double> large = {0x1p200, 0x1p201, 0x1p202};
  std::vector<double> both = small;
  both.insert(both.end(), large.begin(), large.end());
  const std::string whole = TextOf(SketchOf(options, both));
  QuantileSketch up = SketchOf(options, small);
  up.Merge(SketchOf(options, large));
  CHECK(TextOf(up) == whole);
  QuantileSketch down = SketchOf(options, large);
  down.Merge(SketchOf(options, small));
  CHECK(TextOf(down) == whole);
}

TEST_CASE("quantile sketch: to merge an empty one changes nothing") {
  const AggregationOptions options = OptionsOf(0.01, {0.5});
  const QuantileSketch empty(options);
  QuantileSketch sketch = SketchOf(options, {-1, 0, 3});
  const std::string before = TextOf(sketch);
  sketch.Merge(empty);
  CHECK(TextOf(sketch) == before);
  QuantileSketch merged(options);
  merged.Merge(empty);
  CHECK(TextOf(merged) == TextOf(empty));
  merged.Merge(sketch);
  CHECK(TextOf(merged) == before);
}

TEST_CASE("quantile sketch: merged with itself has everything twice") {
  const AggregationOptions options = OptionsOf(0.01, EveryRank(7));
  QuantileSketch sketch = SketchOf(options, {-8, -1, 0, 3});
  sketch.Merge(sketch);
  CHECK(TextOf(sketch) == TextOf(SketchOf(options, {-8, -8, -1, -1, 0, 0, 3, 3})));
}

}  // namespace metrics_runtime::test
