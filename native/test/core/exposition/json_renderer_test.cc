#include "core/exposition/json_renderer.h"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>
#include <vector>

#include "support/exponential_point.h"
#include "support/rendered.h"

namespace metrics_runtime::test {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string Text(const std::vector<TestFamily>& families) {
  return Rendered(ExpositionFormat::kJson, families);
}

// Of the one series of a family of `type`.
std::string Value(FamilyType type, const std::string& type_name, const Point& point) {
  const std::string text = Text({{{.name = "n", .type = type}, {{{}, point}}}});
  const std::string before = "{\"families\":[{\"name\":\"n\",\"type\":\"" + type_name +
                             "\",\"help\":\"\",\"unit\":\"\",\"series\":[{\"labels\":{},"
                             "\"created\":1.5,\"value\":";
  const std::string after = "}]}]}";
  if (!text.starts_with(before) || !text.ends_with(after)) return text;
  return text.substr(before.size(), text.size() - before.size() - after.size());
}

}  // namespace

TEST_CASE("json renderer: families and series") {
  CHECK(Text({{{.name = "c", .type = FamilyType::kCounter, .help = "Help.", .unit = "bytes"},
               {{{{"a", "x"}, {"b", "y"}}, 2.0, 1'700'000'000.5}, {{{"a", "z"}}, 0.25}}},
              {{.name = "g"}, {}}}) ==
        "{\"families\":[{\"name\":\"c\",\"type\":\"counter\",\"help\":\"Help.\",\"unit\":\"bytes\","
        "\"series\":[{\"labels\":{\"a\":\"x\",\"b\":\"y\"},\"created\":1700000000.5,\"value\":2},"
        "{\"labels\":{\"a\":\"z\"},\"created\":1.5,\"value\":0.25}]},"
        "{\"name\":\"g\",\"type\":\"gauge\",\"help\":\"\",\"unit\":\"\",\"series\":[]}]}");
}

TEST_CASE("json renderer: nothing") { CHECK(Text({}) == "{\"families\":[]}"); }

TEST_CASE("json renderer: what JSON has no number for is text") {
  CHECK(Value(FamilyType::kGauge, "gauge", kNaN) == "\"NaN\"");
  CHECK(Value(FamilyType::kGauge, "gauge", kInfinity) == "\"+Inf\"");
  CHECK(Value(FamilyType::kGauge, "gauge", -kInfinity) == "\"-Inf\"");
  CHECK(Value(FamilyType::kGauge, "gauge", 1e300) == "1e+300");
}

TEST_CASE("json renderer: a histogram has each bucket's own count") {
  const std::array bounds = {0.5, 1.0};
  const std::array counts = {1.0, 0.0, 4.0};
  CHECK(Value(FamilyType::kHistogram, "histogram",
              HistogramPoint{.bounds = bounds, .counts = counts, .sum = 7.25}) ==
        "{\"count\":5,\"sum\":7.25,\"buckets\":[{\"le\":0.5,\"count\":1},{\"le\":1,\"count\":0},"
        "{\"le\":\"+Inf\",\"count\":4}]}");
}

TEST_CASE("json renderer: an exponential histogram") {
  const CountedExponentials counted(std::array{-1.5, 0.0, 3.0, 9.0}, 0);
  CHECK(Value(FamilyType::kExponentialHistogram, "exponentialHistogram", counted.point()) ==
        "{\"count\":4,\"sum\":10.5,\"scale\":0,\"zeroCount\":1,"
        "\"positive\":{\"offset\":1,\"counts\":[1,0,1]},"
        "\"negative\":{\"offset\":0,\"counts\":[1]}}");
  CHECK(Value(FamilyType::kExponentialHistogram, "exponentialHistogram",
              ExponentialPoint{.scale = 8}) ==
        "{\"count\":0,\"sum\":0,\"scale\":8,\"zeroCount\":0,"
        "\"positive\":{\"offset\":0,\"counts\":[]},\"negative\":{\"offset\":0,\"counts\":[]}}");
}

TEST_CASE("json renderer: a summary") {
  const std::array quantiles = {0.5, 1.0};
  const std::array values = {4.5, kNaN};
  CHECK(Value(FamilyType::kSummary, "summary",
              SummaryPoint{.quantiles = quantiles, .values = values, .count = 3, .sum = 6}) ==
        "{\"count\":3,\"sum\":6,\"quantiles\":{\"0.5\":4.5,\"1\":\"NaN\"}}");
}

TEST_CASE("json renderer: escapes what JSON forbids in strings") {
  CHECK(Text({{{.name = "g", .help = "\"a\\b\"\n\t\x1f\x7f é 😀"}, {}}}) ==
        "{\"families\":[{\"name\":\"g\",\"type\":\"gauge\","
        "\"help\":\"\\\"a\\\\b\\\"\\u000a\\u0009\\u001f\x7f é 😀\",\"unit\":\"\",\"series\":[]}]}");
}

}  // namespace metrics_runtime::test
