#include "core/exposition/exposed_family.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/event_class_registry.h"
#include "support/fields.h"

namespace metrics_runtime::test {

namespace {

using Kind = SlotMeaning::Kind;
using Combine = SlotMeaning::Combine;
using Texts = std::vector<std::string>;

FamilyType TypeOf(AggregationKind kind, std::vector<EventSource> sources = {}) {
  return ExposeDimension(
             "ns", "metric",
             {.name = "d", .aggregation = {.kind = kind}, .sources = std::move(sources)})
      .family.type;
}

FamilyType TypeOf(const SlotMeaning::Options& meaning, bool monotonic = false,
                  bool observed = false) {
  return ExposeInstrument("ns", {.name = "i",
                                 .fingerprint = "",
                                 .labels = {},
                                 .meaning = SlotMeaning(meaning),
                                 .observed = observed,
                                 .monotonic = monotonic})
      .family.type;
}

}  // namespace

TEST_CASE("exposed family: every aggregation is of one type whatever its sources") {
  constexpr std::array<std::pair<AggregationKind, FamilyType>, 10> kTypes = {{
      {AggregationKind::kCount, FamilyType::kCounter},
      {AggregationKind::kUpDown, FamilyType::kGauge},
      {AggregationKind::kMin, FamilyType::kGauge},
      {AggregationKind::kMax, FamilyType::kGauge},
      {AggregationKind::kMean, FamilyType::kGauge},
      {AggregationKind::kLast, FamilyType::kGauge},
      {AggregationKind::kHistogram, FamilyType::kHistogram},
      {AggregationKind::kExponentialHistogram, FamilyType::kExponentialHistogram},
      {AggregationKind::kQuantiles, FamilyType::kSummary},
      {AggregationKind::kDistinct, FamilyType::kGauge},
  }};
  EventClassRegistry classes;
  const EventClass& save = Registered(classes, "save", {Float64("signed"), Uint32("size")});
  for (const auto& [kind, type] : kTypes) {
    CAPTURE(static_cast<int>(kind));
    CHECK(TypeOf(kind) == type);
    for (const size_t field : {size_t{0}, size_t{1}}) {
      CHECK(TypeOf(kind, {{.event_class = &save, .value = EventValue::Field(save, field)}}) ==
            type);
    }
    CHECK(TypeOf(kind, {{.event_class = &save, .value = EventValue::Constant(-1)}}) == type);
  }
}

TEST_CASE("exposed family: a sum is a counter where no event can make it less") {
  EventClassRegistry classes;
  const EventClass& save = Registered(classes, "save", {Float64("signed"), Uint32("size")});
  const EventSource float64{.event_class = &save, .value = EventValue::Field(save, 0)};
  const EventSource uint32{.event_class = &save, .value = EventValue::Field(save, 1)};
  const auto constant = [&](double value) {
    return EventSource{.event_class = &save, .value = EventValue::Constant(value)};
  };
  constexpr auto kSum = AggregationKind::kSum;
  CHECK(TypeOf(kSum, {uint32}) == FamilyType::kCounter);
  CHECK(TypeOf(kSum, {float64}) == FamilyType::kGauge);
  CHECK(TypeOf(kSum, {uint32, uint32}) == FamilyType::kCounter);
  CHECK(TypeOf(kSum, {uint32, float64}) == FamilyType::kGauge);
  CHECK(TypeOf(kSum, {float64, uint32}) == FamilyType::kGauge);
  CHECK(TypeOf(kSum, {constant(2)}) == FamilyType::kCounter);
  CHECK(TypeOf(kSum, {constant(0)}) == FamilyType::kCounter);
  CHECK(TypeOf(kSum, {constant(-0.5)}) == FamilyType::kGauge);
  CHECK(TypeOf(kSum, {uint32, constant(-1)}) == FamilyType::kGauge);
}

TEST_CASE("exposed family: instruments are what their slots mean") {
  CHECK(TypeOf({.kind = Kind::kSum}, true) == FamilyType::kCounter);
  CHECK(TypeOf({.kind = Kind::kSum}, false) == FamilyType::kGauge);
  for (const Combine combine : {Combine::kLast, Combine::kSum, Combine::kMin, Combine::kMax}) {
    CHECK(TypeOf({.kind = Kind::kGauge, .combine = combine}) == FamilyType::kGauge);
    CHECK(TypeOf({.kind = Kind::kGauge, .combine = combine}, false, true) == FamilyType::kGauge);
  }
  CHECK(TypeOf({.kind = Kind::kHistogram, .bounds = {1}}) == FamilyType::kHistogram);
  CHECK(TypeOf({.kind = Kind::kExponential}) == FamilyType::kExponentialHistogram);
}

TEST_CASE("exposed family: a dimension is called after namespace metric and itself") {
  EventClassRegistry classes;
  const EventClass& save =
      Registered(classes, "save",
                 {Label("le", 5), Uint32("__number"), Boolean("is-new"), OneOf("kind", {"a"})});
  DimensionDefinition dimension{.name = "total",
                                .sources = {{.event_class = &save}},
                                .group_by = {.fields = save.fields()},
                                .help = "All of \"them\".",
                                .unit = "By"};
  const ExposedFamily exposed = ExposeDimension("my app", "disk-writes", dimension);
  CHECK(exposed.family == Family{.name = "my_app_disk_writes_bytes",
                                 .type = FamilyType::kCounter,
                                 .help = "All of \"them\".",
                                 .unit = "bytes"});
  CHECK(exposed.label_names == Texts{"exported_le", "exported___number", "is_new", "kind"});
  dimension.aggregation.kind = AggregationKind::kMax;
  CHECK(ExposeDimension("", "w", dimension).family.name == "w_total_bytes");
  dimension.group_by = {};
  CHECK(ExposeDimension("", "w", dimension).label_names.empty());
}

TEST_CASE("exposed family: an instrument is called after namespace and itself") {
  const InstrumentDefinition instrument{.name = "requests.total",
                                        .fingerprint = "",
                                        .labels = {"recorder", "entity", "quantile", "9", "b"},
                                        .meaning = SlotMeaning({.kind = Kind::kSum}),
                                        .monotonic = true,
                                        .help = "h",
                                        .unit = "1"};
  const ExposedFamily exposed = ExposeInstrument("app", instrument);
  CHECK(exposed.family ==
        Family{.name = "app_requests", .type = FamilyType::kCounter, .help = "h", .unit = ""});
  CHECK(exposed.label_names ==
        Texts{"exported_recorder", "exported_entity", "exported_quantile", "_9", "b"});
  CHECK(ExposeInstrument("", instrument).family.name == "requests");
}

}  // namespace metrics_runtime::test
