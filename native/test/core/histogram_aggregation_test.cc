#include "core/histogram_aggregation.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

std::string TextOf(const HistogramAggregation& histogram) {
  return WrittenText([&](ValueWriter& writer) { histogram.Write(writer); });
}

// 1, 2, …, count: below and beyond the length up to which the buckets are searched linearly.
std::vector<double> Bounds(size_t count) {
  std::vector<double> bounds;
  for (size_t i = 1; i <= count; ++i) bounds.push_back(static_cast<double>(i));
  return bounds;
}

// How many values each bucket has, read from the snapshot.
std::vector<int> Counts(const HistogramAggregation& histogram) {
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
  CHECK(TextOf(HistogramAggregation({1, 2.5})) ==
        "{\"count\": 0, \"sum\": 0, \"min\": null, \"max\": null, \"buckets\": "
        "[{\"le\": 1, \"count\": 0}, {\"le\": 2.5, \"count\": 0}, {\"le\": inf, \"count\": 0}]}");
}

TEST_CASE("histogram: counts per bucket and not cumulatively") {
  HistogramAggregation histogram({1, 10});
  for (const double value : {0.5, 7.0, 8.0, 100.0, -3.0}) histogram.Record(value);
  CHECK(TextOf(histogram) ==
        "{\"count\": 5, \"sum\": 112.5, \"min\": -3, \"max\": 100, \"buckets\": "
        "[{\"le\": 1, \"count\": 2}, {\"le\": 10, \"count\": 2}, {\"le\": inf, \"count\": 1}]}");
}

TEST_CASE("histogram: a value on a bound belongs to the bucket that ends there") {
  for (const size_t size : {1u, 31u, 32u, 33u, 100u}) {
    CAPTURE(size);
    HistogramAggregation histogram(Bounds(size));
    for (const double bound : Bounds(size)) histogram.Record(bound);
    std::vector<int> expected(size, 1);
    expected.push_back(0);
    CHECK(Counts(histogram) == expected);
  }
}

TEST_CASE("histogram: a value just above a bound belongs to the next bucket") {
  for (const size_t size : {1u, 31u, 32u, 33u, 100u}) {
    CAPTURE(size);
    HistogramAggregation histogram(Bounds(size));
    for (const double bound : Bounds(size)) {
      histogram.Record(std::nextafter(bound, std::numeric_limits<double>::infinity()));
    }
    std::vector<int> expected(size, 1);
    expected.insert(expected.begin(), 0);
    CHECK(Counts(histogram) == expected);
  }
}

TEST_CASE("histogram: has one bucket when it has no bounds") {
  HistogramAggregation histogram({});
  histogram.Record(5);
  CHECK(Counts(histogram) == std::vector<int>{1});
}

TEST_CASE("histogram: takes the largest and the smallest double") {
  constexpr double kMost = std::numeric_limits<double>::max();
  HistogramAggregation histogram({0});
  histogram.Record(kMost);
  histogram.Record(-kMost);
  histogram.Record(-0.0);
  CHECK(Counts(histogram) == std::vector<int>{2, 1});
}

}  // namespace metrics_runtime::test
