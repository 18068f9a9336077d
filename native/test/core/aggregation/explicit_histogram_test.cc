#include "core/aggregation/explicit_histogram.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

AggregationOptions WithBounds(std::vector<double> bounds) {
  return {.kind = AggregationKind::kHistogram, .bounds = std::move(bounds)};
}

// 1, 2, …, count.
std::vector<double> Bounds(size_t count) {
  std::vector<double> bounds;
  for (size_t i = 1; i <= count; ++i) bounds.push_back(static_cast<double>(i));
  return bounds;
}

// How many values each bucket has, read from the snapshot.
std::vector<int> Counts(const ExplicitHistogram& histogram) {
  const std::string text = TextOf(histogram);
  std::vector<int> counts;
  const std::string key = "\"count\": ";
  size_t at = text.find("\"buckets\"");
  while ((at = text.find(key, at)) != std::string::npos) {
    at += key.size();
    counts.push_back(std::stoi(text.substr(at)));
  }
  return counts;
}

}  // namespace

TEST_CASE("histogram: is zeros and nulls while it is empty") {
  const AggregationOptions options = WithBounds({1, 2.5});
  CHECK(TextOf(ExplicitHistogram(options)) ==
        "{\"count\": 0, \"sum\": 0, \"min\": null, \"max\": null, \"buckets\": "
        "[{\"le\": 1, \"count\": 0}, {\"le\": 2.5, \"count\": 0}, {\"le\": inf, \"count\": 0}]}");
}

TEST_CASE("histogram: counts per bucket and not cumulatively") {
  const AggregationOptions options = WithBounds({1, 10});
  ExplicitHistogram histogram(options);
  for (const double value : {0.5, 7.0, 8.0, 100.0, -3.0}) histogram.Record(value);
  CHECK(TextOf(histogram) ==
        "{\"count\": 5, \"sum\": 112.5, \"min\": -3, \"max\": 100, \"buckets\": "
        "[{\"le\": 1, \"count\": 2}, {\"le\": 10, \"count\": 2}, {\"le\": inf, \"count\": 1}]}");
}

TEST_CASE("histogram: a value on a bound belongs to the bucket that ends there") {
  for (const size_t size : {1u, 31u, 32u, 33u, 100u}) {
    CAPTURE(size);
    const AggregationOptions options = WithBounds(Bounds(size));
    ExplicitHistogram histogram(options);
    for (const double bound : Bounds(size)) histogram.Record(bound);
    std::vector<int> expected(size, 1);
    expected.push_back(0);
    CHECK(Counts(histogram) == expected);
  }
}

TEST_CASE("histogram: a value just above a bound belongs to the next bucket") {
  for (const size_t size : {1u, 31u, 32u, 33u, 100u}) {
    CAPTURE(size);
    const AggregationOptions options = WithBounds(Bounds(size));
    ExplicitHistogram histogram(options);
    for (const double bound : Bounds(size)) {
      histogram.Record(std::nextafter(bound, std::numeric_limits<double>::infinity()));
    }
    std::vector<int> expected(size, 1);
    expected.insert(expected.begin(), 0);
    CHECK(Counts(histogram) == expected);
  }
}

TEST_CASE("histogram: has one bucket when it has no bounds") {
  const AggregationOptions options = WithBounds({});
  ExplicitHistogram histogram(options);
  histogram.Record(5);
  CHECK(Counts(histogram) == std::vector<int>{1});
}

TEST_CASE("histogram: takes the largest and the smallest double") {
  constexpr double kMost = std::numeric_limits<double>::max();
  const AggregationOptions options = WithBounds({0});
  ExplicitHistogram histogram(options);
  histogram.Record(kMost);
  histogram.Record(-kMost);
  histogram.Record(-0.0);
  CHECK(Counts(histogram) == std::vector<int>{2, 1});
}

TEST_CASE("histogram: merged parts equal the whole") {
  const AggregationOptions options = WithBounds(Bounds(40));
  ExplicitHistogram whole(options);
  ExplicitHistogram first(options);
  ExplicitHistogram second(options);
  for (int i = -10; i < 100; ++i) {
    const double value = 0.5 * i;
    whole.Record(value);
    (i % 3 == 0 ? first : second).Record(value);
  }
  first.Merge(second);
  CHECK(TextOf(first) == TextOf(whole));
  first.Merge(ExplicitHistogram(options));
  CHECK(TextOf(first) == TextOf(whole));
  ExplicitHistogram empty(options);
  empty.Merge(whole);
  CHECK(TextOf(empty) == TextOf(whole));
}

}  // namespace metrics_runtime::test
