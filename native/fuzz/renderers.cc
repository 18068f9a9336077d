// Families, series and points that come from the input, in every format: whatever is rendered reads
// back as what it was; in slices it is what it is at once, and compressed it inflates to the same.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/exposition/names.h"
#include "core/exposition/type_name.h"
#include "core/metric_set.h"
#include "support/exposition.h"
#include "support/inflated.h"
#include "support/rendered.h"

namespace metrics_runtime::fuzz {

namespace {

using test::TestFamily;
using test::TestSeries;

constexpr size_t kMostText = 64;
constexpr double kCreated = 1'700'000'000.25;

bool Same(double one, double other) {
  return one == other || (std::isnan(one) && std::isnan(other));
}

// Families within what Renderer and point.h promise of them, and no more: texts are any bytes,
// numbers any double, counts whole and below 2^53.
class Families {
 public:
  explicit Families(FuzzedDataProvider& input) : input_(input) {
    for (int i = 0; i < 4 && input_.remaining_bytes() > 0; ++i) AddFamily(i);
  }

  std::vector<TestFamily> all;

 private:
  void AddFamily(int number) {
    constexpr std::array kTypes = {FamilyType::kCounter, FamilyType::kGauge, FamilyType::kHistogram,
                                   FamilyType::kExponentialHistogram, FamilyType::kSummary};
    const FamilyType type = input_.PickValueInArray(kTypes);
    const std::string name = "f" + std::to_string(number) + Text();
    const std::array<std::string_view, 1> parts{name};
    all.push_back({MakeFamily("", parts, type, Text(), Text()), {}});
    for (size_t left = input_.ConsumeIntegralInRange<size_t>(0, 4); left > 0; --left) {
      AddSeries(all.back());
    }
  }
  // The first label makes it differ from all others.
  void AddSeries(TestFamily& family) {
    std::vector<Label> labels = {{"series", Kept(std::to_string(series_++))}};
    for (size_t i = input_.ConsumeIntegralInRange<size_t>(0, 3); i > 0; --i) {
      labels.push_back({Kept("l" + std::to_string(i)), Kept(Text())});
    }
    family.series.push_back({std::move(labels), PointOf(family.family.type), kCreated});
  }

  Point PointOf(FamilyType type) {
    switch (type) {
      case FamilyType::kCounter:
      case FamilyType::kGauge:
        break;
      case FamilyType::kHistogram: {
        const std::span<const double> bounds = Bounds();
        return HistogramPoint{.bounds = bounds,
                              .counts = Counts(bounds.size() + 1),
                              .sum = Number(),
                              .has_negative = input_.ConsumeBool()};
      }
      case FamilyType::kExponentialHistogram: {
        const auto scale =
            input_.ConsumeIntegralInRange<int32_t>(kMinExponentialScale, kMaxExponentialScale);
        return ExponentialPoint{.scale = scale,
                                .has_negative = input_.ConsumeBool(),
                                .zero_count = Count(),
                                .positive = Side(scale),
                                .negative = Side(scale),
                                .sum = Number()};
      }
      case FamilyType::kSummary: {
        std::vector<double>& quantiles = numbers_.emplace_back();
        std::vector<double>& values = numbers_.emplace_back();
        for (size_t i = input_.ConsumeIntegralInRange<size_t>(0, 4); i > 0; --i) {
          quantiles.push_back(input_.ConsumeProbability<double>());
          values.push_back(Number());
        }
        return SummaryPoint{.quantiles = quantiles,
                            .values = values,
                            .count = Count(),
                            .sum = Number(),
                            .has_negative = input_.ConsumeBool()};
      }
    }
    return Number();
  }
  std::span<const double> Bounds() {
    std::vector<double>& bounds = numbers_.emplace_back();
    for (size_t i = input_.ConsumeIntegralInRange<size_t>(0, 8); i > 0; --i) {
      if (const double bound = Number(); std::isfinite(bound)) bounds.push_back(bound);
    }
    std::ranges::sort(bounds);
    const auto repeated = std::ranges::unique(bounds);
    bounds.erase(repeated.begin(), repeated.end());
    return bounds;
  }
  std::span<const double> Counts(size_t size) {
    std::vector<double>& counts = numbers_.emplace_back(size);
    for (double& count : counts) count = Count();
    return counts;
  }
  // Indexes that doubles have at this scale, and a window beyond them.
  ExponentialPoint::Side Side(int32_t scale) {
    const int32_t most = scale >= 0 ? 1'100 << scale : 1'100 >> -scale;
    const auto offset = input_.ConsumeIntegralInRange<int32_t>(-most, most);
    return {.offset = offset, .counts = Counts(input_.ConsumeIntegralInRange<size_t>(0, 200))};
  }
  // So few values that all of them together are below 2^53 too.
  double Count() {
    return static_cast<double>(input_.ConsumeIntegral<uint64_t>() >>
                               (input_.ConsumeBool() ? 60 : 20));
  }
  double Number() {
    if (input_.ConsumeBool()) return input_.ConsumeIntegral<int16_t>();
    return std::bit_cast<double>(input_.ConsumeIntegral<uint64_t>());
  }
  std::string Text() { return input_.ConsumeRandomLengthString(kMostText); }
  std::string_view Kept(std::string text) { return texts_.emplace_back(std::move(text)); }

  FuzzedDataProvider& input_;
  int series_ = 0;
  std::deque<std::string> texts_;
  std::deque<std::vector<double>> numbers_;
};

// Each of `samples` belongs to a series, with its labels as they were; returns how many each has.
std::vector<size_t> RequireLabels(const std::vector<TextSample>& samples,
                                  const std::vector<TestFamily>& families) {
  std::vector<const TestSeries*> all;
  for (const TestFamily& family : families) {
    for (const TestSeries& series : family.series) all.push_back(&series);
  }
  std::vector<size_t> lines(all.size());
  for (const TextSample& sample : samples) {
    Require(!sample.labels.empty() && sample.labels.front().first == "series",
            "a sample that is of no series");
    size_t number = 0;
    for (const char c : sample.labels.front().second) {
      Require(c >= '0' && c <= '9' && number <= all.size(), "a sample that is of no series");
      number = number * 10 + static_cast<size_t>(c - '0');
    }
    Require(number < all.size(), "a sample that is of no series");
    const std::vector<Label>& labels = all[number]->labels;
    Require(sample.labels.size() == labels.size() || sample.labels.size() == labels.size() + 1,
            "a sample with other labels than its series");
    for (size_t i = 0; i < labels.size(); ++i) {
      Require(
          sample.labels[i].first == labels[i].name && sample.labels[i].second == labels[i].value,
          "a label that does not read back as it was");
    }
    const auto* const value = std::get_if<double>(&all[number]->point);
    Require(value == nullptr || sample.name.ends_with("_created") || Same(sample.value, *value),
            "a number that does not read back as it was");
    ++lines[number];
  }
  return lines;
}

void RequireHelp(const std::vector<TextComment>& comments, const std::vector<TestFamily>& families,
                 bool open_metrics) {
  std::vector<std::string_view> expected;
  for (const TestFamily& family : families) {
    if (!family.family.help.empty()) expected.push_back(family.family.help);
  }
  std::vector<std::string_view> helps;
  size_t types = 0;
  for (const TextComment& comment : comments) {
    if (comment.keyword == "HELP") helps.push_back(comment.text);
    if (comment.keyword == "TYPE") ++types;
    Require(comment.keyword == "HELP" || comment.keyword == "TYPE" ||
                (open_metrics && comment.keyword == "UNIT"),
            "a comment with an unknown keyword");
  }
  Require(helps == expected, "a help that does not read back as it was");
  Require(types == families.size(), "not one TYPE for each family");
}

void TryText(const std::vector<TestFamily>& families) {
  const TextExposition prometheus =
      TextReader::Read(test::Rendered(ExpositionFormat::kPrometheusText, families), false);
  RequireHelp(prometheus.comments, families, false);
  const std::vector<size_t> lines = RequireLabels(prometheus.samples, families);
  size_t number = 0;
  for (const TestFamily& family : families) {
    for (const TestSeries& series : family.series) {
      constexpr size_t kSumAndCount = 2;
      const size_t has = lines[number++];
      if (const auto* const histogram = std::get_if<HistogramPoint>(&series.point)) {
        Require(has == histogram->bounds.size() + 1 + kSumAndCount, "not a line for each bucket");
      } else if (const auto* const summary = std::get_if<SummaryPoint>(&series.point)) {
        Require(has == summary->quantiles.size() + kSumAndCount, "not a line for each quantile");
      } else {
        Require(has >= 1, "a series without a line");
      }
    }
  }
  const TextExposition open =
      TextReader::Read(test::Rendered(ExpositionFormat::kOpenMetrics, families), true);
  RequireHelp(open.comments, families, true);
  (void)RequireLabels(open.samples, families);
}

double NumberOf(const Json& value) {
  if (value.kind == Json::Kind::kNumber) return value.number;
  if (value.text == "NaN") return std::nan("");
  Require(value.text == "+Inf" || value.text == "-Inf", "JSON with a text for a finite number");
  return value.text == "+Inf" ? HUGE_VAL : -HUGE_VAL;
}

void TryJson(const std::vector<TestFamily>& families) {
  const Json exposition = JsonReader::Read(test::Rendered(ExpositionFormat::kJson, families));
  const std::vector<Json>& read = exposition.at("families").items;
  Require(read.size() == families.size(), "JSON without a family");
  for (size_t i = 0; i < families.size(); ++i) {
    const auto& [family, all] = families[i];
    Require(read[i].at("name").text == family.name && read[i].at("help").text == family.help &&
                read[i].at("unit").text == family.unit &&
                read[i].at("type").text == TypeName(family.type),
            "JSON with another family");
    const std::vector<Json>& series = read[i].at("series").items;
    Require(series.size() == all.size(), "JSON without a series");
    for (size_t j = 0; j < all.size(); ++j) {
      const auto& labels = series[j].at("labels").members;
      Require(std::ranges::equal(labels, all[j].labels,
                                 [](const auto& member, const Label& label) {
                                   return member.first == label.name &&
                                          member.second.text == label.value;
                                 }),
              "JSON with other labels");
      const Json& value = series[j].at("value");
      if (const auto* const number = std::get_if<double>(&all[j].point)) {
        Require(Same(NumberOf(value), *number), "JSON with another number");
      } else {
        (void)NumberOf(value.at("count"));
        (void)NumberOf(value.at("sum"));
      }
    }
  }
}

void TryProtobuf(const std::vector<TestFamily>& families) {
  constexpr uint32_t kFamilyName = 1;
  constexpr uint32_t kFamilyMetric = 4;
  constexpr uint32_t kMetricLabel = 1;
  constexpr uint32_t kLabelName = 1;
  constexpr uint32_t kLabelValue = 2;
  const std::string bytes = test::Rendered(ExpositionFormat::kPrometheusProtobuf, families);
  ReadFamilies(bytes);
  const std::vector<std::string_view> messages = DelimitedMessages(bytes);
  size_t at = 0;
  for (const auto& [family, all] : families) {
    if (all.empty()) continue;
    Require(at < messages.size(), "protobuf without a family");
    const test::ProtobufReader message(messages[at++]);
    const std::string total = family.type == FamilyType::kCounter ? "_total" : "";
    Require(message.One(kFamilyName).bytes == family.name + total, "protobuf with another family");
    const auto metrics = message.All(kFamilyMetric);
    Require(metrics.size() == all.size(), "protobuf without a series");
    for (size_t i = 0; i < all.size(); ++i) {
      const auto labels = test::ProtobufReader(metrics[i].bytes).All(kMetricLabel);
      Require(std::ranges::equal(labels, all[i].labels,
                                 [](const test::ProtobufField& field, const Label& label) {
                                   const test::ProtobufReader pair(field.bytes);
                                   return pair.One(kLabelName).bytes == label.name &&
                                          pair.One(kLabelValue).bytes == label.value;
                                 }),
              "protobuf with other labels");
    }
  }
  Require(at == messages.size(), "protobuf with a family more");
}

// Instruments with such names and labels, in an exposition of a whole recorder. Long texts come
// from few bytes, so that there is more than one slice of them.
class Recorded {
 public:
  explicit Recorded(FuzzedDataProvider& input) {
    for (int i = 0; i < 4 && input.remaining_bytes() > 0; ++i) AddInstrument(input);
  }
  [[nodiscard]] std::vector<RenderedRecorder> rendered() const {
    return {{.id = "r", .entity_id = "e", .metrics = set_.exposed(), .left_out = {}}};
  }

 private:
  void AddInstrument(FuzzedDataProvider& input) {
    constexpr std::array kKinds = {SlotMeaning::Kind::kSum, SlotMeaning::Kind::kGauge,
                                   SlotMeaning::Kind::kHistogram};
    InstrumentDefinition definition{
        .name = input.ConsumeRandomLengthString(kMostText),
        .fingerprint = std::to_string(slots_.size()),
        .labels = {input.ConsumeRandomLengthString(kMostText)},
        .meaning = SlotMeaning({.kind = input.PickValueInArray(kKinds), .bounds = {1, 5}}),
        .monotonic = input.ConsumeBool(),
        .help = input.ConsumeRandomLengthString(kMostText),
        .unit = input.ConsumeRandomLengthString(kMostText)};
    MetricSet::Refusal refusal;
    const auto instrument = set_.AddInstrument(std::move(definition), strings_, refusal);
    if (instrument == nullptr) return;
    for (size_t i = input.ConsumeIntegralInRange<size_t>(0, 6); i > 0; --i) {
      const std::string piece = input.ConsumeRandomLengthString(kMostText);
      std::string label;
      for (size_t left = 1u << input.ConsumeIntegralInRange(0, 8); left > 0; --left) label += piece;
      auto& own = slots_.emplace_back();
      for (double& slot : own) slot = input.ConsumeIntegral<uint16_t>();
      (void)instrument->AddSlots({&label, 1}, own.data(), this);
    }
  }

  StringTable strings_;
  std::deque<std::array<double, 6>> slots_;
  MetricSet set_{
      {.families = std::make_shared<FamilyRegistry>(), .name_space = "fuzz", .recorder = this}};
};

void TryRendering(FuzzedDataProvider& input) {
  const ExpositionFormat format = input.PickValueInArray(kFormats);
  const Recorded recorded(input);
  const std::string whole = RenderedText(format, false, recorded.rendered());
  RequireReadable(format, whole);
  Require(RenderedText(format, false, recorded.rendered(), Steps::kMany) == whole,
          "what is rendered in slices is not what it is at once");
  const std::string compressed = RenderedText(format, true, recorded.rendered(), Steps::kMany);
  Require(test::Inflated(compressed) == whole, "what is compressed does not inflate to the same");
}

void TryAll(FuzzedDataProvider& input) {
  if (input.ConsumeBool()) {
    TryRendering(input);
    return;
  }
  const Families families(input);
  for (const ExpositionFormat format : kFormats) {
    RequireReadable(format, test::Rendered(format, families.all));
  }
  TryText(families.all);
  TryJson(families.all);
  TryProtobuf(families.all);
}

}  // namespace

}  // namespace metrics_runtime::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  FuzzedDataProvider input(bytes, size);
  metrics_runtime::fuzz::TryAll(input);
  return 0;
}
