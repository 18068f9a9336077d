#include "core/dimension.h"

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "support/fields.h"
#include "support/refused_memory.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

// Events of one class, by label, member, flag and number, handed to one dimension.
class GroupedDimension {
 public:
  GroupedDimension(AggregationOptions aggregation, std::vector<std::string> by,
                   uint32_t max_series = 2'000) {
    definition_.aggregation = std::move(aggregation);
    definition_.group_by.max_series = max_series;
    EventSource source{.event_class = &event_class_, .value = EventValue::Field(event_class_, 4)};
    for (const std::string& name : by) {
      const auto index = static_cast<size_t>(event_class_.FieldIndex(name));
      source.by.push_back(event_class_.offset(index));
      definition_.group_by.fields.push_back(event_class_.fields()[index]);
    }
    definition_.sources.push_back(std::move(source));
    dimension_ = MakeDimension(definition_, strings_);
  }

  struct Event {
    uint32_t label = 0;
    uint32_t member = 0;
    uint32_t flag = 0;
    uint32_t number = 0;
    double value = 1;
  };
  Dimension::Recorded Record(const Event& event) {
    alignas(8) std::array<std::byte, 40> bytes{};
    const std::array words = {event.label, event.member, event.flag, event.number};
    for (size_t i = 0; i < words.size(); ++i) {
      std::memcpy(&bytes[event_class_.offset(i)], &words[i], sizeof words[i]);
    }
    std::memcpy(&bytes[event_class_.offset(4)], &event.value, sizeof event.value);
    return dimension_->Record(EventRecord(bytes.data()), definition_.sources.front());
  }
  [[nodiscard]] std::string Text() const { return TextOf(*dimension_); }
  [[nodiscard]] uint32_t Intern(const std::string& label) {
    return event_class_.labels(0)->Intern(label);
  }

 private:
  StringTable strings_;
  EventClass event_class_{0,
                          "e",
                          {Label("label", 10), OneOf("member", {"A", "B"}), Boolean("flag"),
                           Uint32("number"), Float64("value")},
                          strings_};
  DimensionDefinition definition_{.name = "d"};
  std::unique_ptr<Dimension> dimension_;
};

constexpr auto kInSeries = Dimension::Recorded::kInSeries;
constexpr auto kInOverflow = Dimension::Recorded::kInOverflow;

}  // namespace

TEST_CASE("dimension: without fields to group by is one value") {
  GroupedDimension sum({.kind = AggregationKind::kSum}, {});
  CHECK(sum.Text() == "0");
  CHECK(sum.Record({.label = 1, .value = 2}) == kInSeries);
  CHECK(sum.Record({.label = 2, .value = 3}) == kInSeries);
  CHECK(sum.Text() == "5");
}

TEST_CASE("dimension: has a series for each combination in order of appearance") {
  GroupedDimension sum({.kind = AggregationKind::kSum}, {"label", "member", "flag", "number"});
  CHECK(sum.Text() == "[]");
  const uint32_t s3 = sum.Intern("s3");
  CHECK(sum.Record({.label = s3, .member = 1, .flag = 1, .number = 4294967295, .value = 2}) ==
        kInSeries);
  CHECK(sum.Record({.label = s3, .value = 3}) == kInSeries);
  CHECK(sum.Record({.label = s3, .member = 1, .flag = 1, .number = 4294967295, .value = 4}) ==
        kInSeries);
  CHECK(sum.Text() ==
        "[{\"labels\": {\"label\": \"s3\", \"member\": \"B\", \"flag\": \"true\", "
        "\"number\": \"4294967295\"}, \"value\": 6}, "
        "{\"labels\": {\"label\": \"s3\", \"member\": \"A\", \"flag\": \"false\", "
        "\"number\": \"0\"}, \"value\": 3}]");
}

TEST_CASE("dimension: sends what is beyond the limit to one overflow series that stands last") {
  GroupedDimension count({.kind = AggregationKind::kCount}, {"number"}, 2);
  for (const uint32_t number : {7u, 8u}) CHECK(count.Record({.number = number}) == kInSeries);
  CHECK(count.Text().find("metrics_overflow") == std::string::npos);
  for (const uint32_t number : {9u, 10u, 9u}) {
    CHECK(count.Record({.number = number}) == kInOverflow);
  }
  CHECK(count.Record({.number = 8}) == kInSeries);
  CHECK(count.Text() ==
        "[{\"labels\": {\"number\": \"7\"}, \"value\": 1}, "
        "{\"labels\": {\"number\": \"8\"}, \"value\": 2}, "
        "{\"labels\": {\"metrics_overflow\": \"true\"}, \"value\": 3}]");
}

TEST_CASE("dimension: groups whatever the aggregation is") {
  const std::array<std::pair<AggregationKind, const char*>, 11> kinds = {{
      {AggregationKind::kCount, "2"},
      {AggregationKind::kSum, "5"},
      {AggregationKind::kUpDown, "5"},
      {AggregationKind::kMin, "1"},
      {AggregationKind::kMax, "4"},
      {AggregationKind::kMean, "2.5"},
      {AggregationKind::kLast, "1"},
      {AggregationKind::kHistogram,
       "{\"count\": 2, \"sum\": 5, \"min\": 1, \"max\": 4, \"buckets\": "
       "[{\"le\": 2, \"count\": 1}, {\"le\": inf, \"count\": 1}]}"},
      {AggregationKind::kExponentialHistogram,
       "{\"scale\": 6, \"zeroCount\": 0, \"positive\": {\"offset\": -1, \"counts\": "},
      {AggregationKind::kQuantiles,
       "{\"count\": 2, \"sum\": 5, \"min\": 1, \"max\": 4, \"quantiles\": {\"1\": 4}}"},
      {AggregationKind::kDistinct, "2"},
  }};
  for (const auto& [kind, expected] : kinds) {
    CAPTURE(expected);
    GroupedDimension dimension({.kind = kind, .bounds = {2}, .quantiles = {{.q = 1, .name = "1"}}},
                               {"flag"}, 1);
    for (const uint32_t flag : {0u, 1u}) {  // the second one is the overflow
      (void)dimension.Record({.flag = flag, .value = 4});
      (void)dimension.Record({.flag = flag, .value = 1});
    }
    const std::string text = dimension.Text();
    const std::string value = "\"value\": " + std::string(expected);
    const size_t first = text.find("{\"labels\": {\"flag\": \"false\"}, " + value);
    CHECK(first == 1);
    const size_t overflow = text.find("{\"labels\": {\"metrics_overflow\": \"true\"}, " + value);
    CHECK(overflow != std::string::npos);
  }
}

TEST_CASE("dimension: shows numbers that no producer writes as the overflow") {
  GroupedDimension count({.kind = AggregationKind::kCount}, {"label", "member"});
  CHECK(count.Record({.label = 12'345, .member = 99}) == kInSeries);
  CHECK(count.Text() ==
        "[{\"labels\": {\"label\": \"<overflow>\", \"member\": \"<overflow>\"}, \"value\": 1}]");
}

TEST_CASE("dimension: a refusal of memory leaves it as it was at whatever allocation it comes") {
  for (const auto kind : {AggregationKind::kCount, AggregationKind::kHistogram,
                          AggregationKind::kExponentialHistogram, AggregationKind::kQuantiles,
                          AggregationKind::kDistinct}) {
    bool refused = true;
    for (size_t allowed = 0; refused; ++allowed) {
      CAPTURE(allowed);
      refused = false;
      GroupedDimension dimension(
          {.kind = kind, .bounds = {2}, .quantiles = {{.q = 1, .name = "1"}}}, {"number"}, 20);
      // A new series that makes the index grow, and the first of the overflow.
      for (uint32_t number = 0; number < 8; ++number) (void)dimension.Record({.number = number});
      for (const uint32_t number : {8u, 100u}) {
        for (uint32_t more = 9; number == 100 && more < 20; ++more) {
          (void)dimension.Record({.number = more});
        }
        const std::string before = dimension.Text();
        if (IsRefused(allowed, [&] { (void)dimension.Record({.number = number}); })) {
          refused = true;
          CHECK(dimension.Text() == before);
          (void)dimension.Record({.number = number});
        }
        CHECK(dimension.Text() != before);
      }
    }
  }
}

}  // namespace metrics_runtime::test
