#include "core/exposition/prometheus_text.h"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>
#include <vector>

#include "support/exponential_point.h"
#include "support/rendered.h"

namespace metrics_runtime::test {

namespace {

std::string Text(const std::vector<TestFamily>& families) {
  return Rendered(ExpositionFormat::kPrometheusText, families);
}

}  // namespace

TEST_CASE("prometheus text: counters and gauges") {
  CHECK(Text({{{.name = "app_requests", .type = FamilyType::kCounter, .help = "Requests served."},
               {{{{"route", "/"}, {"code", "200"}}, 12.0}, {{}, 0.5}}},
              {{.name = "app_temperature_celsius", .unit = "celsius"}, {{{{"a", ""}}, -3.25}}}}) ==
        "# HELP app_requests_total Requests served.\n"
        "# TYPE app_requests_total counter\n"
        "app_requests_total{route=\"/\",code=\"200\"} 12\n"
        "app_requests_total 0.5\n"
        "# TYPE app_temperature_celsius gauge\n"
        "app_temperature_celsius{a=\"\"} -3.25\n");
}

TEST_CASE("prometheus text: what is no number") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  CHECK(Text({{{.name = "g"},
               {{{{"a", "1"}}, std::numeric_limits<double>::quiet_NaN()},
                {{{"a", "2"}}, kInfinity},
                {{{"a", "3"}}, -kInfinity}}}}) ==
        "# TYPE g gauge\n"
        "g{a=\"1\"} NaN\n"
        "g{a=\"2\"} +Inf\n"
        "g{a=\"3\"} -Inf\n");
}

TEST_CASE("prometheus text: a histogram is cumulative to +Inf") {
  const std::array bounds = {0.5, 1.0, 1e6};
  const std::array counts = {1.0, 0.0, 4.0, 2.0};
  const HistogramPoint point{.bounds = bounds, .counts = counts, .sum = 7.25};
  CHECK(Text({{{.name = "h", .type = FamilyType::kHistogram},
               {{{{"a", "b"}}, point}, {{}, point}}}}) ==
        "# TYPE h histogram\n"
        "h_bucket{a=\"b\",le=\"0.5\"} 1\n"
        "h_bucket{a=\"b\",le=\"1\"} 1\n"
        "h_bucket{a=\"b\",le=\"1e+06\"} 5\n"
        "h_bucket{a=\"b\",le=\"+Inf\"} 7\n"
        "h_sum{a=\"b\"} 7.25\n"
        "h_count{a=\"b\"} 7\n"
        "h_bucket{le=\"0.5\"} 1\n"
        "h_bucket{le=\"1\"} 1\n"
        "h_bucket{le=\"1e+06\"} 5\n"
        "h_bucket{le=\"+Inf\"} 7\n"
        "h_sum 7.25\n"
        "h_count 7\n");
}

TEST_CASE("prometheus text: bounds that change are written anew") {
  const std::array counts = {1.0, 2.0};
  const std::array first = {1.0};
  const std::array second = {2.0};
  CHECK(Text({{{.name = "h", .type = FamilyType::kHistogram},
               {{{{"a", "1"}}, HistogramPoint{.bounds = first, .counts = counts, .sum = 1}},
                {{{"a", "2"}}, HistogramPoint{.bounds = second, .counts = counts, .sum = 1}}}}}) ==
        "# TYPE h histogram\n"
        "h_bucket{a=\"1\",le=\"1\"} 1\n"
        "h_bucket{a=\"1\",le=\"+Inf\"} 3\n"
        "h_sum{a=\"1\"} 1\n"
        "h_count{a=\"1\"} 3\n"
        "h_bucket{a=\"2\",le=\"2\"} 1\n"
        "h_bucket{a=\"2\",le=\"+Inf\"} 3\n"
        "h_sum{a=\"2\"} 1\n"
        "h_count{a=\"2\"} 3\n");
}

TEST_CASE("prometheus text: an exponential histogram is a classic one") {
  const CountedExponentials counted(std::array{-1.5, 0.0, 3.0, 3.5}, 4);
  CHECK(
      Text({{{.name = "e", .type = FamilyType::kExponentialHistogram}, {{{}, counted.point()}}}}) ==
      "# TYPE e histogram\n"
      "e_bucket{le=\"-2\"} 0\n"
      "e_bucket{le=\"-1\"} 1\n"
      "e_bucket{le=\"0\"} 2\n"
      "e_bucket{le=\"2\"} 2\n"
      "e_bucket{le=\"4\"} 4\n"
      "e_bucket{le=\"+Inf\"} 4\n"
      "e_sum 5\n"
      "e_count 4\n");
}

TEST_CASE("prometheus text: a summary") {
  const std::array quantiles = {0.5, 0.99, 1.0};
  const std::array values = {-2.0, 4.5, std::numeric_limits<double>::quiet_NaN()};
  const SummaryPoint point{.quantiles = quantiles, .values = values, .count = 3, .sum = 6};
  CHECK(Text({{{.name = "s", .type = FamilyType::kSummary}, {{{{"a", "b"}}, point}}}}) ==
        "# TYPE s summary\n"
        "s{a=\"b\",quantile=\"0.5\"} -2\n"
        "s{a=\"b\",quantile=\"0.99\"} 4.5\n"
        "s{a=\"b\",quantile=\"1\"} NaN\n"
        "s_sum{a=\"b\"} 6\n"
        "s_count{a=\"b\"} 3\n");
}

TEST_CASE("prometheus text: escapes help and label values") {
  CHECK(Text({{{.name = "g", .help = "a\\b \"c\"\nd"}, {{{{"a", "\\\"\n\\n é"}}, 1.0}}}}) ==
        "# HELP g a\\\\b \"c\"\\nd\n"
        "# TYPE g gauge\n"
        "g{a=\"\\\\\\\"\\n\\\\n é\"} 1\n");
}

TEST_CASE("prometheus text: nothing and a family without series") {
  CHECK(Text({}).empty());
  CHECK(Text({{{.name = "g"}, {}}}) == "# TYPE g gauge\n");
}

TEST_CASE("prometheus text: lines longer than a chunk") {
  const std::string value(ByteChunks::kChunkBytes, 'x');
  const std::array counts = {1.0};
  const HistogramPoint point{.bounds = {}, .counts = counts, .sum = 1};
  const std::string labels = "{a=\"" + value + "\"";
  CHECK(Text({{{.name = "g", .help = value}, {{{{"a", value}}, 1.0}, {{{"a", "b"}}, 2.0}}},
              {{.name = "h", .type = FamilyType::kHistogram}, {{{{"a", value}}, point}}}}) ==
        "# HELP g " + value + "\n# TYPE g gauge\ng" + labels + "} 1\ng{a=\"b\"} 2\n" +
            "# TYPE h histogram\nh_bucket" + labels + ",le=\"+Inf\"} 1\nh_sum" + labels +
            "} 1\nh_count" + labels + "} 1\n");
}

}  // namespace metrics_runtime::test
