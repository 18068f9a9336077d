#include "core/aggregation.h"

#include <doctest/doctest.h>

#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

std::string TextOf(const Aggregation& aggregation) {
  return WrittenText([&](ValueWriter& writer) { aggregation.Write(writer); });
}

}  // namespace

TEST_CASE("count aggregation: counts events whatever their values are") {
  const auto count = MakeAggregation(AggregationKind::kCount, {});
  CHECK(TextOf(*count) == "0");
  for (const double value : {5.0, -5.0, 0.0}) count->Record(value);
  CHECK(TextOf(*count) == "3");
}

TEST_CASE("sum and up-down aggregation: add the values up") {
  for (const auto kind : {AggregationKind::kSum, AggregationKind::kUpDown}) {
    const auto sum = MakeAggregation(kind, {});
    CHECK(TextOf(*sum) == "0");
    for (const double value : {1.5, -4.0, 1.0}) sum->Record(value);
    CHECK(TextOf(*sum) == "-1.5");
  }
}

TEST_CASE("sum aggregation: adds in the order in which values come") {
  const auto sum = MakeAggregation(AggregationKind::kSum, {});
  for (const double value : {1e100, 1.0, -1e100}) sum->Record(value);
  CHECK(TextOf(*sum) == "0");
}

TEST_CASE("histogram aggregation: is made with its bounds") {
  const auto histogram = MakeAggregation(AggregationKind::kHistogram, {4});
  histogram->Record(4);
  CHECK(TextOf(*histogram) ==
        "{\"count\": 1, \"sum\": 4, \"min\": 4, \"max\": 4, \"buckets\": "
        "[{\"le\": 4, \"count\": 1}, {\"le\": inf, \"count\": 0}]}");
}

}  // namespace metrics_runtime::test
