#include "core/aggregation/exponential_histogram.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>
#include <vector>

#include "support/exponential_histogram_model.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr double kSmallest = std::numeric_limits<double>::denorm_min();

}  // namespace

TEST_CASE("exponential histogram: is zeros and nulls at the finest scale while it is empty") {
  const ExponentialHistogram histogram(OfSize(160));
  CHECK(TextOf(histogram) ==
        "{\"scale\": 8, \"zeroCount\": 0, \"positive\": {\"offset\": 0, \"counts\": []}, "
        "\"negative\": {\"offset\": 0, \"counts\": []}, \"count\": 0, \"sum\": 0, \"min\": null, "
        "\"max\": null}");
  CHECK(histogram.heap_bytes() == 0);
}

TEST_CASE("exponential histogram: counts both signs by magnitude and zeros apart") {
  CHECK(TextOf(Recorded(4, {1, 2, 4, 4, 8, -2, -16, 0, -0.0, 0})) ==
        "{\"scale\": 0, \"zeroCount\": 3, \"positive\": {\"offset\": -1, \"counts\": [1, 1, 2, 1]},"
        " \"negative\": {\"offset\": 0, \"counts\": [1, 0, 0, 1]}, \"count\": 10, \"sum\": 1, "
        "\"min\": -16, \"max\": 8}");
}

TEST_CASE("exponential histogram: a single value is one bucket of the finest scale") {
  for (const double value : {1.0, 3.0, -1e-300, kSmallest, -kLargest}) {
    CAPTURE(value);
    const ExponentialHistogram histogram = Recorded(160, {value});
    CHECK(ScaleOf(histogram) == 8);
    CHECK(TextOf(histogram) == ModelText(160, {value}));
  }
}

TEST_CASE("exponential histogram: a value on a bound belongs to the bucket that ends there") {
  CHECK(TextOf(Recorded(4, {1, std::nextafter(1, 2), std::nextafter(2, 1), 2})) ==
        "{\"scale\": 1, \"zeroCount\": 0, \"positive\": {\"offset\": -1, \"counts\": [1, 1, 2]}, "
        "\"negative\": {\"offset\": 0, \"counts\": []}, \"count\": 4, \"sum\": 6, \"min\": 1, "
        "\"max\": 2}");
}

TEST_CASE("exponential histogram: lowers the scale when a range exceeds its size and not before") {
  for (const uint32_t max_size : {2u, 3u, 160u, 4096u}) {
    const auto last = static_cast<int32_t>(max_size) - 1;
    for (const int32_t first : {-20'000, -5, 0, 64, 70'000}) {
      for (const double sign : {1.0, -1.0}) {
        CAPTURE(max_size);
        CAPTURE(first);
        ExponentialHistogram histogram(OfSize(max_size));
        histogram.Record(sign * InBucket(first));
        histogram.Record(sign * InBucket(first + last));
        CHECK(ScaleOf(histogram) == 8);
        histogram.Record(sign * InBucket(first + last + 1));
        CHECK(ScaleOf(histogram) == 7);
      }
    }
  }
}

TEST_CASE("exponential histogram: lowers the scale in one step as far as one value needs") {
  for (int k = 1; k <= 1000; ++k) {
    CAPTURE(k);
    const ExponentialHistogram histogram = Recorded(160, {1, std::ldexp(1, k)});
    CHECK(TextOf(histogram) == ModelText(160, {1, std::ldexp(1, k)}));
    // 1 is in bucket -1 and 2^k in 2^scale * k - 1.
    int scale = 8;
    while (std::ldexp(k, scale) + 1 > 160) --scale;
    if (scale >= 0) CHECK(ScaleOf(histogram) == scale);
  }
}

TEST_CASE("exponential histogram: a sign of a narrow range has the scale of the other") {
  const ExponentialHistogram histogram = Recorded(2, {1.1, 1e9, -1.1});
  CHECK(TextOf(histogram) == ModelText(2, {1.1, 1e9, -1.1}));
  CHECK(ScaleOf(histogram) < 0);
}

TEST_CASE("exponential histogram: takes all doubles at every size") {
  const std::vector<double> outermost{kSmallest, kLargest, -kSmallest, -kLargest, 1, -1, 0};
  CHECK(ScaleOf(Recorded(2, outermost)) == kMinExponentialScale);
  for (const uint32_t max_size : {2u, 3u, 4u, 159u, 160u, 4096u}) {
    CAPTURE(max_size);
    CHECK(TextOf(Recorded(max_size, outermost)) == ModelText(max_size, outermost));
    std::vector<double> reversed(outermost.rbegin(), outermost.rend());
    CHECK(TextOf(Recorded(max_size, reversed)) == ModelText(max_size, reversed));
  }
}

TEST_CASE("exponential histogram: can be made in place within a deque") {
  const AggregationOptions options = OfSize(2);
  std::deque<ExponentialHistogram> series;
  for (int i = 0; i < 100; ++i) series.emplace_back(options).Record(i);
  CHECK(TextOf(series[99]) == ModelText(2, {99}));
}

}  // namespace metrics_runtime::test
