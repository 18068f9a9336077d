#include "core/exposition/openmetrics_text.h"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/aggregation/explicit_histogram.h"
#include "core/aggregation/exponential_histogram.h"
#include "core/aggregation/quantile_sketch.h"
#include "support/exponential_point.h"
#include "support/rendered.h"

namespace metrics_runtime::test {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string Text(const std::vector<TestFamily>& families) {
  return Rendered(ExpositionFormat::kOpenMetrics, families);
}

std::string Histogram(const HistogramPoint& point) {
  return Text({{{.name = "h", .type = FamilyType::kHistogram}, {{{}, point}}}});
}

std::string Summary(const SummaryPoint& point) {
  return Text({{{.name = "s", .type = FamilyType::kSummary}, {{{}, point}}}});
}

// What "_sum" is after 100 was recorded, then -10, then 50.
template <typename Aggregation>
std::string SumsOf(const AggregationOptions& options, FamilyType type) {
  Aggregation aggregation(options);
  std::string sums;
  for (const double value : {100, -10, 50}) {
    aggregation.Record(value);
    NumberStore numbers;
    const std::string text =
        Text({{{.name = "a", .type = type}, {{{}, aggregation.CopyTo(numbers).value()}}}});
    const size_t sum = text.find("a_sum ");
    if (!sums.empty()) sums += ' ';
    sums +=
        sum == std::string::npos ? "none" : text.substr(sum + 6, text.find('\n', sum) - sum - 6);
  }
  return sums;
}

}  // namespace

TEST_CASE("openmetrics text: counters and gauges") {
  CHECK(Text({{{.name = "app_served_bytes",
                .type = FamilyType::kCounter,
                .help = "Served.",
                .unit = "bytes"},
               {{{{"route", "/"}}, 12.0, 1'700'000'000.125}}},
              {{.name = "g"}, {{{}, -3.25}}}}) ==
        "# TYPE app_served_bytes counter\n"
        "# UNIT app_served_bytes bytes\n"
        "# HELP app_served_bytes Served.\n"
        "app_served_bytes_total{route=\"/\"} 12\n"
        "app_served_bytes_created{route=\"/\"} 1700000000.125\n"
        "# TYPE g gauge\n"
        "g -3.25\n"
        "# EOF\n");
}

TEST_CASE("openmetrics text: a unit that is the whole name is not said") {
  CHECK(Text({{{.name = "seconds", .unit = "seconds"}, {}}}) == "# TYPE seconds gauge\n# EOF\n");
  CHECK(Text({{{.name = "xseconds", .unit = "seconds"}, {}}}) == "# TYPE xseconds gauge\n# EOF\n");
}

TEST_CASE("openmetrics text: a histogram has canonical bounds") {
  const std::array bounds = {0.5, 1.0};
  const std::array counts = {1.0, 0.0, 4.0};
  CHECK(Histogram({.bounds = bounds, .counts = counts, .sum = 7.25}) ==
        "# TYPE h histogram\n"
        "h_bucket{le=\"0.5\"} 1\n"
        "h_bucket{le=\"1.0\"} 1\n"
        "h_bucket{le=\"+Inf\"} 5\n"
        "h_count 5\n"
        "h_sum 7.25\n"
        "h_created 1.5\n"
        "# EOF\n");
}

TEST_CASE("openmetrics text: a histogram has no sum that is no counter") {
  const std::array bounds = {-1.0};
  const std::array counts = {0.0, 4.0};
  CHECK(Histogram({.bounds = bounds, .counts = counts, .sum = 7}) ==
        "# TYPE h histogram\n"
        "h_bucket{le=\"-1.0\"} 0\n"
        "h_bucket{le=\"+Inf\"} 4\n"
        "h_created 1.5\n"
        "# EOF\n");
  // Whatever the sum is now: it has gone down, or may.
  const std::string without =
      "# TYPE h histogram\n"
      "h_bucket{le=\"+Inf\"} 4\n"
      "h_created 1.5\n"
      "# EOF\n";
  const auto last = std::span(counts).last(1);
  for (const double sum : {-1.0, 0.0, 7.0}) {
    CHECK(Histogram({.bounds = {}, .counts = last, .sum = sum, .has_negative = true}) == without);
  }
  CHECK(Histogram({.bounds = {}, .counts = last, .sum = kNaN}) == without);
}

TEST_CASE("openmetrics text: a sum that has gone down is not there again") {
  AggregationOptions options{.bounds = {1, 5}, .quantiles = {{.q = 0.5, .name = "0.5"}}};
  SUBCASE("explicit histogram") {
    CHECK(SumsOf<ExplicitHistogram>(options, FamilyType::kHistogram) == "100 none none");
  }
  SUBCASE("exponential histogram") {
    CHECK(SumsOf<ExponentialHistogram>(options, FamilyType::kExponentialHistogram) ==
          "100 none none");
  }
  SUBCASE("summary") {
    CHECK(SumsOf<QuantileSketch>(options, FamilyType::kSummary) == "100 none none");
  }
}

TEST_CASE("openmetrics text: an exponential histogram with a negative value has no sum") {
  const CountedExponentials counted(std::array{-1.5, 3.0}, 0);
  CHECK(
      Text({{{.name = "e", .type = FamilyType::kExponentialHistogram}, {{{}, counted.point()}}}}) ==
      "# TYPE e histogram\n"
      "e_bucket{le=\"-2.0\"} 0\n"
      "e_bucket{le=\"-1.0\"} 1\n"
      "e_bucket{le=\"0.0\"} 1\n"
      "e_bucket{le=\"2.0\"} 1\n"
      "e_bucket{le=\"4.0\"} 2\n"
      "e_bucket{le=\"+Inf\"} 2\n"
      "e_created 1.5\n"
      "# EOF\n");
}

TEST_CASE("openmetrics text: an exponential histogram is a classic one") {
  const CountedExponentials counted(std::array{0.0, 3.0, 3.5}, 4);
  CHECK(
      Text({{{.name = "e", .type = FamilyType::kExponentialHistogram}, {{{}, counted.point()}}}}) ==
      "# TYPE e histogram\n"
      "e_bucket{le=\"0.0\"} 1\n"
      "e_bucket{le=\"2.0\"} 1\n"
      "e_bucket{le=\"4.0\"} 3\n"
      "e_bucket{le=\"+Inf\"} 3\n"
      "e_count 3\n"
      "e_sum 6.5\n"
      "e_created 1.5\n"
      "# EOF\n");
}

TEST_CASE("openmetrics text: a summary") {
  const std::array quantiles = {0.5, 1.0};
  const std::array values = {4.5, kNaN};
  CHECK(Summary({.quantiles = quantiles, .values = values, .count = 3, .sum = 6}) ==
        "# TYPE s summary\n"
        "s{quantile=\"0.5\"} 4.5\n"
        "s{quantile=\"1.0\"} NaN\n"
        "s_count 3\n"
        "s_sum 6\n"
        "s_created 1.5\n"
        "# EOF\n");
}

TEST_CASE("openmetrics text: what it forbids to be negative is left out") {
  const std::array quantiles = {0.5, 1.0};
  const std::array values = {-4.5, 2.0};
  for (const double sum : {-1.0, 7.0}) {
    CHECK(Summary({.quantiles = quantiles,
                   .values = values,
                   .count = 3,
                   .sum = sum,
                   .has_negative = true}) ==
          "# TYPE s summary\n"
          "s{quantile=\"1.0\"} 2\n"
          "s_count 3\n"
          "s_created 1.5\n"
          "# EOF\n");
  }
  for (const double value : {-1.0, kNaN}) {
    CHECK(Text({{{.name = "c", .type = FamilyType::kCounter}, {{{}, value}}}}) ==
          "# TYPE c counter\n# EOF\n");
  }
}

TEST_CASE("openmetrics text: escapes help and label values") {
  CHECK(Text({{{.name = "g", .help = "a\\b \"c\"\nd"}, {{{{"a", "\\\"\n\\n é"}}, 1.0}}}}) ==
        "# TYPE g gauge\n"
        "# HELP g a\\\\b \\\"c\\\"\\nd\n"
        "g{a=\"\\\\\\\"\\n\\\\n é\"} 1\n"
        "# EOF\n");
}

TEST_CASE("openmetrics text: nothing") { CHECK(Text({}) == "# EOF\n"); }

}  // namespace metrics_runtime::test
