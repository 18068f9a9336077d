#include <doctest/doctest.h>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "core/aggregation/exponential_histogram.h"
#include "support/exponential_histogram_model.h"
#include "support/refused_memory.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr double kSmallest = std::numeric_limits<double>::denorm_min();

}  // namespace

TEST_CASE(
    "exponential histogram: has no memory for a sign without values and no more than its size") {
  const auto bytes = [](const std::vector<double>& values) {
    return Recorded(160, values).heap_bytes();
  };
  CHECK(bytes({0}) == 0);
  CHECK(bytes({1}) == 8 * 8);
  CHECK(bytes({1, -1}) == 2 * 8 * 8);
  CHECK(bytes({InBucket(0), InBucket(8)}) == 16 * 8);
  CHECK(bytes({InBucket(0), InBucket(31)}) == 32 * 8);
  CHECK(bytes({InBucket(0), InBucket(128)}) == 160 * 8);
  CHECK(bytes({kSmallest, 1, kLargest, -kSmallest, -1, -kLargest}) <= 2 * 160 * 8);
  CHECK(Recorded(2, {1}).heap_bytes() == 2 * 8);
}

TEST_CASE("exponential histogram: a value for which memory is refused is not recorded") {
  std::vector<double> values{1, -1, 0};
  ExponentialHistogram histogram = Recorded(160, values);
  const std::string before = TextOf(histogram);
  const size_t bytes = histogram.heap_bytes();
  for (const double value : {InBucket(40), -InBucket(40), InBucket(90'000), -InBucket(-90'000)}) {
    CHECK(IsRefused(0, [&] { histogram.Record(value); }));
    CHECK(TextOf(histogram) == before);
    CHECK(histogram.heap_bytes() == bytes);
  }
  histogram.Record(InBucket(40));
  values.push_back(InBucket(40));
  CHECK(TextOf(histogram) == ModelText(160, values));
}

TEST_CASE("exponential histogram: a window that is long enough takes every value without memory") {
  std::vector<double> values{InBucket(0), InBucket(159), -InBucket(0), -InBucket(159)};
  ExponentialHistogram histogram = Recorded(160, values);
  for (const double value : {1.0, -1.0, 1e100, -kSmallest, kLargest, 0.0}) {
    CHECK_FALSE(IsRefused(0, [&] { histogram.Record(value); }));
    values.push_back(value);
  }
  CHECK(TextOf(histogram) == ModelText(160, values));
}

TEST_CASE("exponential histogram: a merge for which memory is refused changes nothing") {
  std::vector<double> values{1, -1, 0};
  const std::vector<double> added{1e-6, 1e3, -1e-6, -1e3, 0};
  ExponentialHistogram histogram = Recorded(160, values);
  const ExponentialHistogram other = Recorded(160, added);
  const std::string before = TextOf(histogram);
  const size_t bytes = histogram.heap_bytes();
  for (const size_t granted : {0u, 1u}) {  // one for each sign
    CAPTURE(granted);
    CHECK(IsRefused(granted, [&] { histogram.Merge(other); }));
    CHECK(TextOf(histogram) == before);
    CHECK(histogram.heap_bytes() == bytes);
  }
  CHECK_FALSE(IsRefused(2, [&] { histogram.Merge(other); }));
  values.insert(values.end(), added.begin(), added.end());
  CHECK(TextOf(histogram) == ModelText(160, values, SumOf(histogram)));
}

}  // namespace metrics_runtime::test
