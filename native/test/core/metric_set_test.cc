#include "core/metric_set.h"

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/fields.h"
#include "support/random_values.h"
#include "support/refused_memory.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

constexpr std::array kKinds = {
    AggregationKind::kCount,
    AggregationKind::kSum,
    AggregationKind::kUpDown,
    AggregationKind::kMin,
    AggregationKind::kMax,
    AggregationKind::kMean,
    AggregationKind::kLast,
    AggregationKind::kHistogram,
    AggregationKind::kExponentialHistogram,
    AggregationKind::kQuantiles,
    AggregationKind::kDistinct,
};

// A set with, for every aggregation, a metric that has one series, one grouped and one that
// overflows.
struct FilledSet {
  explicit FilledSet(const std::vector<AggregationKind>& kinds = {kKinds.begin(), kKinds.end()}) {
    for (const AggregationKind kind : kinds) set->Register(MetricOf(kind), classes.strings());
  }

  [[nodiscard]] MetricDefinition MetricOf(AggregationKind kind) const {
    const auto dimension = [&](std::string name, std::vector<size_t> by, uint32_t max_series) {
      DimensionDefinition made{
          .name = std::move(name),
          .aggregation = {.kind = kind,
                          .bounds = {-1, 1, 10},
                          .quantiles = {{.q = 0.5, .name = "0.5"}}},
          .sources = {{.event_class = &save, .value = EventValue::Field(save, 2)}},
          .group_by = {.max_series = max_series}};
      for (const size_t field : by) {
        made.sources[0].by.push_back(save.offset(field));
        made.group_by.fields.push_back(save.fields()[field]);
      }
      return made;
    };
    return {.name = std::to_string(static_cast<int>(kind)),
            .fingerprint = "",
            .dimensions = {dimension("single", {}, 1), dimension("grouped", {0, 1}, 100),
                           dimension("overflowing", {1}, 3)}};
  }

  // What no other seed records.
  void Record(MetricSet& to, uint64_t seed, int events) const {
    RandomSource random(seed);
    for (int i = 0; i < events; ++i) {
      const auto number = static_cast<uint32_t>(random.Uniform() * 7 + static_cast<double>(seed));
      const uint32_t label = number % 3 == 0 ? StringTable::kOverflowId : number;
      const double value = random.Normal() * random.LogNormal(static_cast<double>(seed), 2);
      alignas(8) std::array<std::byte, 32> bytes{};
      std::memcpy(&bytes[save.offset(0)], &label, sizeof label);
      std::memcpy(&bytes[save.offset(1)], &number, sizeof number);
      std::memcpy(&bytes[save.offset(2)], &value, sizeof value);
      REQUIRE(to.Dispatch(save, EventRecord(bytes.data())) == nullptr);
    }
  }
  // All that can be seen of a set.
  [[nodiscard]] static std::string Seen(const MetricSet& set) {
    return TextOf(set) + " " + std::to_string(set.labels_overflowed()) + " " +
           std::to_string(set.series_overflowed());
  }

  EventClassRegistry classes;
  const EventClass& save =
      Registered(classes, "save", {Label("label", 5), Uint32("number"), Float64("value")});
  std::unique_ptr<MetricSet> set = std::make_unique<MetricSet>();
};

}  // namespace

TEST_CASE("metric set: a copy has what the original has whatever the aggregation") {
  for (const AggregationKind kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    FilledSet filled(std::vector{kind});
    for (const int events : {0, 1, 500}) {
      filled.Record(*filled.set, 1, events);
      const auto copy = filled.set->Copy(filled.classes.strings());
      CHECK(FilledSet::Seen(*copy) == FilledSet::Seen(*filled.set));
    }
    CHECK(filled.set->labels_overflowed() > 0);
    CHECK(filled.set->series_overflowed() > 0);
    CHECK(FilledSet::Seen(*filled.set).find("metrics_overflow") != std::string::npos);
  }
}

TEST_CASE("metric set: a copy and its original take the same events to the same end") {
  for (const AggregationKind kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    FilledSet filled(std::vector{kind});
    filled.Record(*filled.set, 1, 300);
    const auto copy = filled.set->Copy(filled.classes.strings());
    filled.Record(*filled.set, 2, 300);
    filled.Record(*copy, 2, 300);
    CHECK(FilledSet::Seen(*copy) == FilledSet::Seen(*filled.set));
  }
}

TEST_CASE("metric set: neither a copy nor its original sees what happens to the other") {
  FilledSet filled;
  filled.Record(*filled.set, 1, 300);
  const std::string before = FilledSet::Seen(*filled.set);
  const auto copy = filled.set->Copy(filled.classes.strings());
  filled.Record(*filled.set, 2, 300);
  filled.set->Register({.name = "more", .fingerprint = "", .dimensions = {}},
                       filled.classes.strings());
  CHECK(FilledSet::Seen(*copy) == before);
  const std::string after = FilledSet::Seen(*filled.set);
  filled.Record(*copy, 3, 300);
  CHECK(FilledSet::Seen(*filled.set) == after);
  filled.set.reset();
  filled.Record(*copy, 3, 10);
}

TEST_CASE("metric set: a copy of an empty one is empty and takes metrics") {
  FilledSet filled(std::vector<AggregationKind>{});
  const auto copy = filled.set->Copy(filled.classes.strings());
  CHECK(TextOf(*copy) == "{}");
  copy->Register(filled.MetricOf(AggregationKind::kCount), filled.classes.strings());
  filled.Record(*copy, 1, 1);
  CHECK(TextOf(*filled.set) == "{}");
}

TEST_CASE("metric set: restored from a copy it is what it was and counts on from there") {
  FilledSet filled;
  filled.Record(*filled.set, 1, 300);
  const std::string before = FilledSet::Seen(*filled.set);
  {
    const auto kept = filled.set->Copy(filled.classes.strings());
    filled.Record(*filled.set, 2, 300);
    auto replaced = filled.MetricOf(AggregationKind::kSum);
    replaced.fingerprint = "other";
    filled.set->Register(std::move(replaced), filled.classes.strings());
    filled.set->Register({.name = "more", .fingerprint = "", .dimensions = {}},
                         filled.classes.strings());
    REQUIRE(FilledSet::Seen(*filled.set) != before);
    filled.set->Restore(*kept);
  }
  CHECK(FilledSet::Seen(*filled.set) == before);
  FilledSet same;
  same.Record(*same.set, 1, 300);
  for (FilledSet* const each : {&filled, &same}) each->Record(*each->set, 3, 300);
  CHECK(FilledSet::Seen(*filled.set) == FilledSet::Seen(*same.set));
}

TEST_CASE("metric set: a refusal of memory at any allocation of a copy leaves the original") {
  for (const AggregationKind kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    FilledSet filled(std::vector{kind});
    filled.Record(*filled.set, 1, 100);
    const std::string before = FilledSet::Seen(*filled.set);
    std::unique_ptr<MetricSet> copy;
    size_t granted = 0;
    while (IsRefused(granted, [&] { copy = filled.set->Copy(filled.classes.strings()); })) {
      REQUIRE(copy == nullptr);
      REQUIRE(FilledSet::Seen(*filled.set) == before);
      ++granted;
    }
    CHECK(granted > 3);
    CHECK(FilledSet::Seen(*copy) == before);
    filled.Record(*filled.set, 2, 50);
    filled.Record(*copy, 2, 50);
    CHECK(FilledSet::Seen(*copy) == FilledSet::Seen(*filled.set));
  }
}

TEST_CASE("metric set: restoring needs no memory") {
  FilledSet filled;
  filled.Record(*filled.set, 1, 50);
  const auto kept = filled.set->Copy(filled.classes.strings());
  filled.Record(*filled.set, 2, 50);
  CHECK_FALSE(IsRefused(0, [&] { filled.set->Restore(*kept); }));
}

TEST_CASE("metric set: an instrument is there once for all equal definitions") {
  FilledSet filled({AggregationKind::kSum});
  const std::string metric = filled.MetricOf(AggregationKind::kSum).name;
  MetricSet::Refusal refusal;
  const auto add = [&](const std::string& name, const std::string& fingerprint) {
    return filled.set->AddInstrument(
        {.name = name, .fingerprint = fingerprint, .labels = {}, .meaning = SlotMeaning({})},
        filled.classes.strings(), refusal);
  };
  CHECK_FALSE(filled.set->HasInstrument("requests"));
  const auto requests = add("requests", "counter");
  REQUIRE(requests != nullptr);
  CHECK(filled.set->HasInstrument("requests"));
  CHECK(add("requests", "counter") == requests);
  CHECK(add("requests", "gauge") == nullptr);
  CHECK(add(metric, "counter") == nullptr);
  CHECK_FALSE(filled.set->HasInstrument(metric));
  CHECK_FALSE(refusal.has_value());
}

}  // namespace metrics_runtime::test
