#include "core/exposition/prometheus_protobuf.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "support/exponential_point.h"
#include "support/protobuf_reader.h"
#include "support/random_values.h"
#include "support/rendered.h"

namespace metrics_runtime::test {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string Bytes(const std::vector<TestFamily>& families) {
  return Rendered(ExpositionFormat::kPrometheusProtobuf, families);
}

// The messages, without their lengths.
std::vector<ProtobufReader> Families(std::string_view bytes) {
  std::vector<ProtobufReader> families;
  while (!bytes.empty()) {
    const uint64_t size = ProtobufReader::TakeVarint(bytes);
    families.emplace_back(ProtobufReader::Take(bytes, size));
  }
  return families;
}

// A native histogram's side: index to count; gaps within spans are there as zeros.
using Counts = std::map<int64_t, int64_t>;
struct Span {
  int64_t offset;
  uint64_t length;
  bool operator==(const Span&) const = default;
};

struct ReadHistogram {
  // The `histogram` of the one metric of `bytes`, which has to outlive it.
  explicit ReadHistogram(std::string_view bytes)
      : fields(ProtobufReader(Families(bytes).at(0).One(4).bytes).One(7).bytes) {
    for (const ProtobufField& field : fields.All(3)) {
      const ProtobufReader bucket(field.bytes);
      bounds.push_back(bucket.One(2).number_value());
      cumulative.push_back(bucket.One(1).word);
    }
    positive = Side(12, 13, positive_spans);
    negative = Side(9, 10, negative_spans);
  }

  Counts Side(uint32_t span_field, uint32_t delta_field, std::vector<Span>& spans) {
    Counts counts;
    const std::vector<ProtobufField> deltas = fields.All(delta_field);
    size_t next = 0;
    int64_t index = 0;
    int64_t count = 0;
    for (const ProtobufField& field : fields.All(span_field)) {
      const ProtobufReader span(field.bytes);
      spans.push_back({span.One(1).zigzag(), span.One(2).word});
      index += spans.back().offset;
      for (uint64_t i = 0; i < spans.back().length; ++i) {
        count += deltas.at(next++).zigzag();
        counts[index++] = count;
      }
    }
    CHECK(next == deltas.size());
    return counts;
  }

  ProtobufReader fields;
  std::vector<double> bounds;
  std::vector<uint64_t> cumulative;
  std::vector<Span> positive_spans;
  std::vector<Span> negative_spans;
  Counts positive;
  Counts negative;
};

std::string Exponential(const ExponentialPoint& point) {
  return Bytes({{{.name = "e", .type = FamilyType::kExponentialHistogram}, {{{}, point}}}});
}

std::string Exponential(const std::vector<double>& values, int32_t scale) {
  const CountedExponentials counted(values, scale);
  return Exponential(counted.point());
}

}  // namespace

// Byte by byte: the reader of the other tests could be wrong in the same way.
TEST_CASE("prometheus protobuf: a counter to the byte") {
  using namespace std::string_literals;
  CHECK(Bytes({{{.name = "c_u", .type = FamilyType::kCounter, .help = "H", .unit = "u"},
                {{{{"a", "b"}}, 1.0, 300.5}}}}) ==
        "\x33"s  // length
        "\x0a\x09"
        "c_u_total"  // name
        "\x12\x01"
        "H"         // help
        "\x18\x00"  // type
        "\x2a\x01"
        "u"         // unit
        "\x22\x1e"  // metric
        "\x0a\x06\x0a\x01"
        "a\x12\x01"
        "b"                                                // label
        "\x1a\x14\x09\x00\x00\x00\x00\x00\x00\xf0\x3f"     // counter and its value
        "\x1a\x09\x08\xac\x02\x10\x80\xca\xb5\xee\x01"s);  // when it began
}

TEST_CASE("prometheus protobuf: a unit that is the whole name is not said") {
  for (const std::string_view name : {"seconds", "xseconds"}) {
    const std::string bytes =
        Bytes({{{.name = std::string(name), .unit = "seconds"}, {{{}, 1.0}}}});
    CHECK_FALSE(Families(bytes).at(0).Has(5));
  }
}

TEST_CASE("prometheus protobuf: families in a row and none without series") {
  const std::string bytes = Bytes({{{.name = "a", .help = "A"}, {{{}, 1.0}, {{{"l", "m"}}, 2.5}}},
                                   {{.name = "b"}, {}},
                                   {{.name = "c", .type = FamilyType::kCounter}, {{{}, 3.0}}}});
  const std::vector<ProtobufReader> families = Families(bytes);
  REQUIRE(families.size() == 2);
  CHECK(families[0].One(1).bytes == "a");
  CHECK(families[0].One(2).bytes == "A");
  CHECK(families[0].One(3).word == 1);
  CHECK_FALSE(families[0].Has(5));
  const std::vector<ProtobufField> metrics = families[0].All(4);
  REQUIRE(metrics.size() == 2);
  const ProtobufReader first(metrics[0].bytes);
  CHECK_FALSE(first.Has(1));
  CHECK(ProtobufReader(first.One(2).bytes).One(1).number_value() == 1);
  const ProtobufReader second(metrics[1].bytes);
  const ProtobufReader label(second.One(1).bytes);
  CHECK(label.One(1).bytes == "l");
  CHECK(label.One(2).bytes == "m");
  CHECK(ProtobufReader(second.One(2).bytes).One(1).number_value() == 2.5);
  CHECK(families[1].One(1).bytes == "c_total");
  CHECK(families[1].One(3).word == 0);
}

TEST_CASE("prometheus protobuf: families larger than a chunk") {
  std::vector<std::string> texts;
  for (int i = 0; i < 10'000; ++i) texts.push_back(std::to_string(i));
  std::vector<TestSeries> series;
  for (size_t i = 0; i < texts.size(); ++i) {
    series.push_back({{{"number", texts[i]}}, static_cast<double>(i)});
  }
  const std::string long_value(200'000, 'x');
  const std::string bytes =
      Bytes({{{.name = "a"}, series}, {{.name = "b"}, {{{{"l", long_value}}, 7.0}}}});
  const std::vector<ProtobufReader> families = Families(bytes);
  REQUIRE(families.size() == 2);
  const std::vector<ProtobufField> metrics = families[0].All(4);
  REQUIRE(metrics.size() == texts.size());
  for (size_t i = 0; i < metrics.size(); ++i) {
    const ProtobufReader metric(metrics[i].bytes);
    CHECK(ProtobufReader(metric.One(1).bytes).One(2).bytes == texts[i]);
    CHECK(ProtobufReader(metric.One(2).bytes).One(1).number_value() == static_cast<double>(i));
  }
  CHECK(ProtobufReader(ProtobufReader(families[1].One(4).bytes).One(1).bytes).One(2).bytes ==
        long_value);
}

TEST_CASE("prometheus protobuf: a summary") {
  const std::array quantiles = {0.5, 0.99};
  const std::array values = {-1.0, 4.5};
  const SummaryPoint point{.quantiles = quantiles, .values = values, .count = 3, .sum = 6};
  const std::string bytes = Bytes({{{.name = "s", .type = FamilyType::kSummary}, {{{}, point}}}});
  const ProtobufReader family = Families(bytes).at(0);
  CHECK(family.One(3).word == 2);
  const ProtobufReader summary(ProtobufReader(family.One(4).bytes).One(4).bytes);
  CHECK(summary.One(1).word == 3);
  CHECK(summary.One(2).number_value() == 6);
  REQUIRE(summary.All(3).size() == 2);
  const ProtobufReader quantile(summary.All(3)[1].bytes);
  CHECK(quantile.One(1).number_value() == 0.99);
  CHECK(quantile.One(2).number_value() == 4.5);
  CHECK(ProtobufReader(summary.One(4).bytes).One(1).word == 1);
}

TEST_CASE("prometheus protobuf: a histogram with bounds is no native one") {
  const std::array bounds = {0.5, 1.0};
  const std::array counts = {1.0, 0.0, 4.0};
  const std::string bytes =
      Bytes({{{.name = "h", .type = FamilyType::kHistogram},
              {{{}, HistogramPoint{.bounds = bounds, .counts = counts, .sum = 7.25}}}}});
  const ReadHistogram histogram(bytes);
  CHECK(Families(bytes).at(0).One(3).word == 4);
  CHECK(histogram.bounds == std::vector{0.5, 1.0, kInfinity});
  CHECK(histogram.cumulative == std::vector<uint64_t>{1, 1, 5});
  CHECK(histogram.fields.One(1).word == 5);
  CHECK(histogram.fields.One(2).number_value() == 7.25);
  for (const uint32_t native : {5u, 6u, 7u, 9u, 10u, 12u, 13u}) {
    CHECK_FALSE(histogram.fields.Has(native));
  }
  const ProtobufReader created(histogram.fields.One(15).bytes);
  CHECK(created.One(1).word == 1);
  CHECK(created.One(2).word == 500'000'000);
}

TEST_CASE("prometheus protobuf: an exponential histogram is native and classic") {
  const std::string bytes = Exponential({-1.5, 0, 3, 3.5, 4}, 0);
  const ReadHistogram histogram(bytes);
  CHECK(histogram.bounds == std::vector<double>{-2, -1, 0, 2, 4, kInfinity});
  CHECK(histogram.cumulative == std::vector<uint64_t>{0, 1, 2, 2, 5, 5});
  CHECK(histogram.fields.One(1).word == 5);
  CHECK(histogram.fields.One(5).zigzag() == 0);
  CHECK(histogram.fields.One(6).number_value() == 0x1p-128);
  CHECK(histogram.fields.One(7).word == 1);
  // (1, 2] is Prometheus' bucket 1, (2, 4] is 2.
  CHECK(histogram.negative == Counts{{1, 1}});
  CHECK(histogram.positive == Counts{{2, 3}});
}

TEST_CASE("prometheus protobuf: small gaps are zeros and large ones begin a span") {
  const std::array counts = {0.0, 2.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 1.0, 0.0};
  const std::string bytes =
      Exponential({.scale = 3, .positive = {.offset = -10, .counts = counts}, .negative = {}});
  const ReadHistogram histogram(bytes);
  CHECK(histogram.positive_spans == std::vector<Span>{{-8, 4}, {3, 1}});
  CHECK(histogram.positive == Counts{{-8, 2}, {-7, 0}, {-6, 0}, {-5, 5}, {-1, 1}});
  CHECK(histogram.negative_spans.empty());
}

TEST_CASE("prometheus protobuf: an empty native histogram has a span of no buckets") {
  const std::string bytes = Exponential({}, 8);
  const ReadHistogram histogram(bytes);
  CHECK(histogram.positive_spans == std::vector<Span>{{0, 0}});
  CHECK(histogram.fields.One(1).word == 0);
  CHECK(histogram.fields.One(5).zigzag() == 8);
}

TEST_CASE("prometheus protobuf: what is within the zero threshold is a zero") {
  for (const int32_t scale : {-4, -1, 0, 3, 8}) {
    const double above = std::nextafter(0x1p-128, 1);
    const std::string bytes = Exponential({0, 0x1p-128, -0x1p-128, 0x1p-200, above, -1}, scale);
    const ReadHistogram histogram(bytes);
    CHECK(histogram.fields.One(7).word == 4);
    int64_t total = 0;
    for (const auto& [index, count] : histogram.positive) total += count;
    CHECK(total == 1);
    CHECK(histogram.negative.size() == 1);
  }
}

TEST_CASE("prometheus protobuf: a scale that Prometheus has no schema for is classic alone") {
  const std::string bytes = Exponential({1, 2, 3}, -5);
  const ReadHistogram histogram(bytes);
  CHECK(histogram.fields.One(1).word == 3);
  for (const uint32_t native : {5u, 6u, 7u, 9u, 10u, 12u, 13u}) {
    CHECK_FALSE(histogram.fields.Has(native));
  }
}

TEST_CASE("prometheus protobuf: any values are in the buckets of Prometheus") {
  RandomSource random(3);
  for (int round = 0; round < 300; ++round) {
    const auto scale = static_cast<int32_t>(random.Uniform() * 13) - 4;
    const double spread = std::exp(random.Uniform() * 5 - 2);
    std::vector<double> values;
    for (int i = 0; i < 100; ++i) {
      const double value = random.Uniform() < 0.1 ? 0 : random.LogNormal(0, spread);
      values.push_back(random.Uniform() < 0.3 ? -value : value);
    }
    Counts positive;
    Counts negative;
    uint64_t zeros = 0;
    for (const double value : values) {
      if (value == 0) {
        ++zeros;
      } else {
        ++(value > 0 ? positive : negative)[ExponentialIndex(value, scale) + 1];
      }
    }
    const std::string bytes = Exponential(values, scale);
    ReadHistogram histogram(bytes);
    std::erase_if(histogram.positive, [](const auto& bucket) { return bucket.second == 0; });
    std::erase_if(histogram.negative, [](const auto& bucket) { return bucket.second == 0; });
    CHECK(histogram.positive == positive);
    CHECK(histogram.negative == negative);
    CHECK(histogram.fields.One(7).word == zeros);
    CHECK(histogram.fields.One(1).word == values.size());
    CHECK(histogram.cumulative.back() == values.size());
  }
}

TEST_CASE("prometheus protobuf: a moment that rounds up is the next second") {
  const std::string bytes =
      Bytes({{{.name = "c", .type = FamilyType::kCounter}, {{{}, 1.0, 0.9999999999}}}});
  const ProtobufReader counter(ProtobufReader(Families(bytes).at(0).One(4).bytes).One(3).bytes);
  const ProtobufReader created(counter.One(3).bytes);
  CHECK(created.One(1).word == 1);
  CHECK(created.One(2).word == 0);
}

}  // namespace metrics_runtime::test
