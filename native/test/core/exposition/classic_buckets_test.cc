#include "core/exposition/classic_buckets.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "core/exposition/number_text.h"
#include "support/exponential_point.h"
#include "support/random_values.h"

namespace metrics_runtime::test {

namespace {

// "le:count le:count", each bucket alone.
std::string TextOf(const HistogramPoint& point) {
  std::string text;
  for (size_t i = 0; i < point.counts.size(); ++i) {
    char number[kMostNumberText];
    if (i > 0) text += ' ';
    text += i < point.bounds.size()
                ? std::string(number, WriteBound(number, point.bounds[i], BoundText::kShort))
                : "+Inf";
    text += ':';
    text.append(number, WriteNumber(number, point.counts[i]));
  }
  return text;
}

std::string TextOf(const std::vector<double>& values, int32_t scale) {
  const CountedExponentials counted(values, scale);
  ClassicBuckets classic;
  return TextOf(classic.Of(counted.point()));
}

}  // namespace

TEST_CASE("classic buckets: powers of two around the buckets in use and always 0") {
  CHECK(TextOf({}, 0) == "0:0 +Inf:0");
  CHECK(TextOf({0, 0}, 5) == "0:2 +Inf:0");
  CHECK(TextOf({1.5}, 0) == "0:0 1:0 2:1 +Inf:0");
  CHECK(TextOf({0, 0.75, 3, 3.5, 8}, 0) == "0:1 0.5:0 1:1 2:0 4:2 8:1 +Inf:0");
}

TEST_CASE("classic buckets: finer buckets are merged") {
  for (const int32_t scale : {0, 1, 3, 8}) {
    CHECK(TextOf({1, 1.01, 1.3, 1.99, 2, 2.01}, scale) == "0:0 0.5:0 1:1 2:4 4:1 +Inf:0");
  }
}

TEST_CASE("classic buckets: a scale below 0 has its own bounds") {
  CHECK(TextOf({1, 1.5, 16, 17}, -2) == "0:0 0.0625:0 1:1 16:2 256:1 +Inf:0");
}

TEST_CASE("classic buckets: a negative bound is the far end of its bucket") {
  CHECK(TextOf({-1.5}, 0) == "-2:0 -1:1 0:0 +Inf:0");
  CHECK(TextOf({-5, -1.5, -1.25, 0, 3}, 3) == "-8:0 -4:1 -2:0 -1:2 0:1 2:0 4:1 +Inf:0");
}

TEST_CASE("classic buckets: what is equal to a negative bound is counted at the next") {
  CHECK(TextOf({-2, -1}, 0) == "-2:0 -1:1 -0.5:1 0:0 +Inf:0");
}

TEST_CASE("classic buckets: bounds beyond the doubles are none") {
  constexpr double kMost = std::numeric_limits<double>::max();
  constexpr double kLeast = std::numeric_limits<double>::denorm_min();
  CHECK(TextOf({kMost}, 0) == "0:0 8.98846567431158e+307:0 +Inf:1");
  CHECK(TextOf({kLeast}, 0) == "0:0 5e-324:1 +Inf:0");
  CHECK(TextOf({-kMost, -kLeast}, -11) == "-1:1 0:1 +Inf:0");
  CHECK(TextOf({kMost, kLeast}, -11) == "0:0 1:1 +Inf:1");
}

TEST_CASE("classic buckets: a wide side is merged until it fits and bounds stay bounds") {
  std::vector<double> values;
  for (int exponent = -300; exponent <= 300; ++exponent)
    values.push_back(std::ldexp(1.0, exponent));
  const CountedExponentials counted(values, 0);
  ClassicBuckets classic;
  const HistogramPoint point = classic.Of(counted.point());
  CHECK(point.bounds.size() <= ClassicBuckets::kMostOfASide + 2);
  CHECK(point.bounds.size() >= ClassicBuckets::kMostOfASide / 2);
  CHECK(std::ranges::count(point.bounds, 1.0) == 1);
  CHECK(std::accumulate(point.counts.begin(), point.counts.end(), 0.0) == 601);
}

TEST_CASE("classic buckets: any values are counted as the header says") {
  RandomSource random(7);
  for (int round = 0; round < 400; ++round) {
    const auto scale = static_cast<int32_t>(random.Uniform() * 20) - 11;
    const double spread = std::exp(random.Uniform() * 6 - 3);
    std::vector<double> values;
    for (int i = 0; i < 200; ++i) {
      const double kind = random.Uniform();
      double value = random.LogNormal(0, spread);
      if (kind < 0.1) value = 0;
      if (kind > 0.8) value = std::ldexp(1.0, static_cast<int>(random.Uniform() * 20) - 10);
      values.push_back(random.Uniform() < 0.4 ? -value : value);
    }
    const CountedExponentials counted(values, scale);
    ClassicBuckets classic;
    const HistogramPoint point = classic.Of(counted.point());
    REQUIRE(point.counts.size() == point.bounds.size() + 1);
    CHECK(std::ranges::is_sorted(point.bounds, std::less_equal()));
    CHECK(std::ranges::count(point.bounds, 0.0) == 1);
    double cumulative = 0;
    for (size_t i = 0; i < point.bounds.size(); ++i) {
      cumulative += point.counts[i];
      const double bound = point.bounds[i];
      const auto expected = std::ranges::count_if(
          values, [&](double value) { return bound < 0 ? value < bound : value <= bound; });
      CHECK(cumulative == static_cast<double>(expected));
    }
    CHECK(cumulative + point.counts.back() == static_cast<double>(values.size()));
  }
}

}  // namespace metrics_runtime::test
