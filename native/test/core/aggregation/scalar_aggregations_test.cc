#include "core/aggregation/scalar_aggregations.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <limits>
#include <string>

#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

template <typename Aggregation>
Aggregation Of(std::initializer_list<double> values) {
  Aggregation aggregation{AggregationOptions{}};
  for (const double value : values) aggregation.Record(value);
  return aggregation;
}

template <typename Aggregation>
std::string Recorded(std::initializer_list<double> values) {
  return TextOf(Of<Aggregation>(values));
}

// What the two parts of a stream come to when they are recorded apart and merged.
template <typename Aggregation>
std::string Merged(std::initializer_list<double> first, std::initializer_list<double> second) {
  auto merged = Of<Aggregation>(first);
  merged.Merge(Of<Aggregation>(second));
  return TextOf(merged);
}

}  // namespace

TEST_CASE("count: counts events whatever their values are") {
  CHECK(Recorded<Count>({}) == "0");
  CHECK(Recorded<Count>({5, -5, 0}) == "3");
  CHECK(Merged<Count>({5, -5}, {0}) == "3");
  CHECK(Merged<Count>({}, {0}) == "1");
}

TEST_CASE("sum: adds the values up in the order in which they come") {
  CHECK(Recorded<Sum>({}) == "0");
  CHECK(Recorded<Sum>({1.5, -4, 1}) == "-1.5");
  CHECK(Recorded<Sum>({1e100, 1, -1e100}) == "0");
  CHECK(Merged<Sum>({1.5, -4}, {1}) == "-1.5");
}

TEST_CASE("min and max: are null without a value and then the smallest and the largest") {
  CHECK(Recorded<Min>({}) == "null");
  CHECK(Recorded<Max>({}) == "null");
  CHECK(Recorded<Min>({3, -1, 2}) == "-1");
  CHECK(Recorded<Max>({-3, 1, -2}) == "1");
  CHECK(Recorded<Max>({-3}) == "-3");
  CHECK(Recorded<Min>({3}) == "3");
}

TEST_CASE("min and max: take the largest doubles of both signs for values") {
  constexpr double kMost = std::numeric_limits<double>::max();
  CHECK(Recorded<Min>({kMost}) != "null");
  CHECK(Recorded<Max>({-kMost}) != "null");
}

TEST_CASE("min and max: merged parts equal the whole") {
  CHECK(Merged<Min>({3, -1}, {2}) == "-1");
  CHECK(Merged<Min>({2}, {3, -1}) == "-1");
  CHECK(Merged<Min>({}, {2}) == "2");
  CHECK(Merged<Min>({}, {}) == "null");
  CHECK(Merged<Max>({3, -1}, {2}) == "3");
  CHECK(Merged<Max>({2}, {3, -1}) == "3");
  CHECK(Merged<Max>({-2}, {}) == "-2");
  CHECK(Merged<Max>({}, {}) == "null");
}

TEST_CASE("mean: is the sum divided by the number of values") {
  CHECK(Recorded<Mean>({}) == "null");
  CHECK(Recorded<Mean>({1, 2, 6}) == "3");
  CHECK(Recorded<Mean>({-1, 1}) == "0");
  // Not the mean of the parts' means.
  CHECK(Merged<Mean>({1, 2, 6}, {11}) == "5");
  CHECK(Merged<Mean>({}, {11}) == "11");
}

TEST_CASE("last: is the latest value and what is merged counts as later") {
  CHECK(Recorded<Last>({}) == "null");
  CHECK(Recorded<Last>({1, 0}) == "0");
  CHECK(Merged<Last>({1, 2}, {3, 4}) == "4");
  CHECK(Merged<Last>({1, 2}, {}) == "2");
  CHECK(Merged<Last>({}, {3}) == "3");
}

}  // namespace metrics_runtime::test
