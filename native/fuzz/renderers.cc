// Families, series and points that come from the input, in every format: whatever is rendered reads
// back as what it was; in slices it is what it is at once, and compressed it inflates to the same.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "core/exposition/type_name.h"
#include "support/exposition.h"
#include "support/families_from.h"
#include "support/inflated.h"
#include "support/instruments_from.h"
#include "support/rendered.h"

namespace metrics_runtime::fuzz {

namespace {

using test::TestFamily;
using test::TestSeries;

bool Same(double one, double other) {
  return one == other || (std::isnan(one) && std::isnan(other));
}

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

void TryRendering(FuzzedDataProvider& input) {
  const ExpositionFormat format = input.PickValueInArray(kFormats);
  const InstrumentsFrom recorded(input);
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
  const FamiliesFrom families(input);
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
