// Both text formats against a small parser: whatever is rendered reads back as what it was.
#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/exposition/number_text.h"
#include "support/rendered.h"

namespace metrics_runtime::test {

namespace {

// name{label=value,…} with all escapes undone, and the number; labels in their order.
using Labels = std::vector<std::pair<std::string, std::string>>;
using Samples = std::map<std::pair<std::string, Labels>, double>;

double NumberOf(std::string_view text) {
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  return std::strtod(std::string(text).c_str(), nullptr);
}

// `"…"` at the beginning of `rest`, which it removes.
std::string TakeQuoted(std::string_view& rest) {
  std::string text;
  REQUIRE(rest.starts_with('"'));
  size_t i = 1;
  for (; rest.at(i) != '"'; ++i) {
    REQUIRE(rest[i] != '\n');
    if (rest[i] == '\\') {
      ++i;
      REQUIRE(std::string_view("\\n\"").find(rest.at(i)) != std::string_view::npos);
      text += rest[i] == 'n' ? '\n' : rest[i];
    } else {
      text += rest[i];
    }
  }
  rest.remove_prefix(i + 1);
  return text;
}

Samples Parsed(std::string_view text) {
  Samples samples;
  while (!text.empty()) {
    if (text.front() == '#') {
      text.remove_prefix(text.find('\n') + 1);
      continue;
    }
    const size_t name_end = text.find_first_of("{ ");
    const std::string name(text.substr(0, name_end));
    text.remove_prefix(name_end);
    Labels labels;
    while (text.front() != ' ' && text.front() != '}') {
      text.remove_prefix(1);
      const size_t equals = text.find('=');
      const std::string label(text.substr(0, equals));
      text.remove_prefix(equals + 1);
      labels.emplace_back(label, TakeQuoted(text));
    }
    if (text.front() == '}') text.remove_prefix(1);
    REQUIRE(text.front() == ' ');
    const size_t end = text.find('\n');
    REQUIRE(end != std::string_view::npos);
    const bool is_new =
        samples.emplace(std::pair(name, labels), NumberOf(text.substr(1, end - 1))).second;
    CHECK(is_new);
    text.remove_prefix(end + 1);
  }
  return samples;
}

class RandomFamilies {
 public:
  explicit RandomFamilies(uint64_t seed) : random_(seed) {}

  std::vector<TestFamily> Next() {
    std::vector<TestFamily> families;
    for (int i = 0; i < 4; ++i) {
      constexpr std::array kTypes = {FamilyType::kCounter, FamilyType::kGauge,
                                     FamilyType::kHistogram, FamilyType::kSummary};
      const FamilyType type = kTypes[random_() % kTypes.size()];
      families.push_back({{.name = "f" + std::to_string(i), .type = type, .help = Text()}, {}});
      const size_t series = random_() % 5;
      for (size_t j = 0; j < series; ++j) {
        // The first label makes the series differ.
        std::vector<Label> labels = {{"number", Kept(std::to_string(j))}};
        for (size_t k = random_() % 3; k > 0; --k) {
          labels.push_back({Kept("l" + std::to_string(k)), Kept(Text())});
        }
        families.back().series.push_back({labels, PointOf(type)});
      }
    }
    return families;
  }

 private:
  std::string Text() {
    constexpr std::array<std::string_view, 10> kPieces = {"\\", "\n", "\"", "n", "a",
                                                          "é",  " ",  "{",  "}", ","};
    std::string text;
    for (size_t i = random_() % 12; i > 0; --i) text += kPieces[random_() % kPieces.size()];
    return text;
  }
  double Number() {
    double value = std::bit_cast<double>(random_());
    while (std::isnan(value)) value = std::bit_cast<double>(random_());
    return random_() % 2 == 0 ? std::abs(value) : static_cast<double>(random_() % 1'000);
  }
  Point PointOf(FamilyType type) {
    if (type == FamilyType::kHistogram) {
      std::vector<double>& bounds = numbers_.emplace_back();
      double bound = 0.001;
      for (size_t i = random_() % 12; i > 0; --i) {
        bound += std::ldexp(static_cast<double>(random_() % 1'000 + 1),
                            static_cast<int>(random_() % 20) - 10);
        bounds.push_back(bound);
      }
      std::vector<double>& counts = numbers_.emplace_back();
      for (size_t i = 0; i <= bounds.size(); ++i) {
        counts.push_back(static_cast<double>(random_() % 1'000'000));
      }
      return HistogramPoint{.bounds = bounds, .counts = counts, .sum = Number()};
    }
    if (type == FamilyType::kSummary) {
      std::vector<double>& values = numbers_.emplace_back();
      for (size_t i = 0; i < kQuantiles.size(); ++i) values.push_back(Number());
      return SummaryPoint{.quantiles = kQuantiles,
                          .values = values,
                          .count = static_cast<double>(random_() % 1'000),
                          .sum = Number()};
    }
    return Number();
  }
  std::string_view Kept(std::string text) { return texts_.emplace_back(std::move(text)); }

  static constexpr std::array kQuantiles = {0.0, 0.5, 0.999, 1.0};

  std::mt19937_64 random_;
  std::deque<std::string> texts_;
  std::deque<std::vector<double>> numbers_;
};

// What the text of `families` should read back as.
class Expected {
 public:
  Expected(const std::vector<TestFamily>& families, bool is_open_metrics)
      : is_open_metrics_(is_open_metrics) {
    for (const auto& [family, series] : families) {
      for (const TestSeries& one : series) {
        name_ = family.name;
        labels_.clear();
        for (const Label& label : one.labels) labels_.emplace_back(label.name, label.value);
        if (family.type == FamilyType::kCounter) {
          Add("_total", std::get<double>(one.point));
        } else if (family.type == FamilyType::kGauge) {
          Add("", std::get<double>(one.point));
        } else if (family.type == FamilyType::kHistogram) {
          AddHistogram(std::get<HistogramPoint>(one.point));
        } else {
          AddSummary(std::get<SummaryPoint>(one.point));
        }
        if (is_open_metrics && family.type != FamilyType::kGauge) Add("_created", one.created);
      }
    }
  }

  Samples samples;

 private:
  void Add(std::string_view suffix, double value, const Labels& more = {}) {
    Labels labels = labels_;
    labels.insert(labels.end(), more.begin(), more.end());
    samples.emplace(std::pair(name_ + std::string(suffix), labels), value);
  }
  // By its number: the text is tested elsewhere.
  std::string BoundOf(double bound) {
    char text[kMostNumberText];
    return {text,
            WriteBound(text, bound, is_open_metrics_ ? BoundText::kCanonical : BoundText::kShort)};
  }
  void AddHistogram(const HistogramPoint& point) {
    double count = 0;
    for (size_t i = 0; i < point.counts.size(); ++i) {
      count += point.counts[i];
      Add("_bucket", count, {{"le", i < point.bounds.size() ? BoundOf(point.bounds[i]) : "+Inf"}});
    }
    Add("_sum", point.sum);
    Add("_count", count);
  }
  void AddSummary(const SummaryPoint& point) {
    for (size_t i = 0; i < point.values.size(); ++i) {
      Add("", point.values[i], {{"quantile", BoundOf(point.quantiles[i])}});
    }
    Add("_sum", point.sum);
    Add("_count", point.count);
  }

  bool is_open_metrics_;
  std::string name_;
  Labels labels_;
};

}  // namespace

TEST_CASE("exposition: any families read back from text as they were") {
  RandomFamilies random(11);
  for (int round = 0; round < 500; ++round) {
    const std::vector<TestFamily> families = random.Next();
    const std::string text = Rendered(ExpositionFormat::kPrometheusText, families);
    CHECK(Parsed(text) == Expected(families, false).samples);
    const std::string open = Rendered(ExpositionFormat::kOpenMetrics, families);
    CHECK(Parsed(open) == Expected(families, true).samples);
    CHECK(open.ends_with("# EOF\n"));
  }
}

}  // namespace metrics_runtime::test
