#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "core/aggregation/exponential_histogram.h"
#include "support/exponential_histogram_model.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

TEST_CASE(
    "exponential histogram: a merge takes the scale of the coarser and records on from there") {
  const std::vector<double> coarse{1, 1e6, -3};
  const std::vector<double> fine{5, 5.001, -3};
  const std::vector<double> more{1e-3, 1e9};
  for (const bool into_coarse : {true, false}) {
    std::vector<double> all = into_coarse ? coarse : fine;
    const std::vector<double>& other = into_coarse ? fine : coarse;
    ExponentialHistogram histogram = Recorded(20, all);
    histogram.Merge(Recorded(20, other));
    all.insert(all.end(), other.begin(), other.end());
    CHECK(ScaleOf(histogram) == ScaleOf(Recorded(20, coarse)));
    for (const double value : more) histogram.Record(value);
    all.insert(all.end(), more.begin(), more.end());
    CHECK(TextOf(histogram) == ModelText(20, all, SumOf(histogram)));
  }
}

TEST_CASE("exponential histogram: a merge keeps to its own size and not to that of the other") {
  const std::vector<double> values{1, 1.5, -2};
  const std::vector<double> other{1, 3, 1e6, -7};
  std::vector<double> all = values;
  all.insert(all.end(), other.begin(), other.end());
  for (const uint32_t max_size : {2u, 4096u}) {
    ExponentialHistogram histogram = Recorded(max_size, values);
    histogram.Merge(Recorded(max_size == 2 ? 4096 : 2, other));
    CHECK(ScaleOf(histogram) <= ScaleOf(Recorded(2, other)));
    if (max_size == 2) CHECK(TextOf(histogram) == ModelText(2, all));
  }
}

TEST_CASE("exponential histogram: merging an empty one changes nothing and into one copies") {
  const std::vector<double> values{1, 2, 300, -7, 0};
  ExponentialHistogram histogram = Recorded(20, values);
  histogram.Merge(ExponentialHistogram(OfSize(20)));
  CHECK(TextOf(histogram) == ModelText(20, values));
  ExponentialHistogram empty(OfSize(20));
  empty.Merge(histogram);
  CHECK(TextOf(empty) == TextOf(histogram));
}

TEST_CASE("exponential histogram: merged with itself counts all twice") {
  std::vector<double> values{1, 2, 300, -7, 0, -0.25};
  ExponentialHistogram histogram = Recorded(20, values);
  histogram.Merge(histogram);
  values.insert(values.end(), values.begin(), values.end());
  CHECK(TextOf(histogram) == ModelText(20, values));
}

}  // namespace metrics_runtime::test
