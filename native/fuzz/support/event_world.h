// Event classes with fields of every kind, the shortest record and the longest; and metrics of
// every aggregation. Made once: nothing of it is changed by what is dispatched. Any thread.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <array>
#include <string>

#include "core/event_class_registry.h"
#include "core/metric.h"
#include "support/fields.h"

namespace metrics_runtime::fuzz {

struct World {
  World() {
    for (int kind = 0; kind <= static_cast<int>(AggregationKind::kDistinct); ++kind) {
      AddDimensions(static_cast<AggregationKind>(kind));
    }
    for (const EventClass* one : all_classes) {
      alone.dimensions.front().sources.push_back({.event_class = one});
    }
  }

  EventClassRegistry classes;
  const EventClass& every =
      test::Registered(classes, "every",
                       {test::Uint32("u"), test::Boolean("b"), test::OneOf("o", {"x", "y"}),
                        test::Label("l", 4), test::Float64("f"), test::Key("k")});
  const EventClass& longest = test::Registered(classes, "longest", test::Float64s(15));
  const EventClass& shortest = test::Registered(classes, "shortest", {});
  const EventClass& labels =
      test::Registered(classes, "labels", {test::Label("l", 4), test::Label("m", 4)});
  const std::array<const EventClass*, 4> all_classes = {&every, &longest, &shortest, &labels};
  // Its first dimension counts all that is dispatched.
  MetricDefinition alone{
      .name = "alone", .fingerprint = "a", .dimensions = {{.name = "events", .sources = {}}}};
  MetricDefinition grouped{.name = "grouped", .fingerprint = "g", .dimensions = {}};

 private:
  void AddDimensions(AggregationKind kind) {
    constexpr size_t kFloat64 = 4;
    constexpr size_t kKey = 5;
    const EventValue value =
        EventValue::Field(every, kind == AggregationKind::kDistinct ? kKey : kFloat64);
    DimensionDefinition dimension{
        .name = "d" + std::to_string(static_cast<int>(kind)),
        .aggregation = {.kind = kind,
                        .bounds = {-1, 1, 10},
                        .max_size = 16,
                        .quantiles = {{.q = 0.5, .name = "0.5"}, {.q = 1, .name = "1"}}},
        .sources = {{.event_class = &every, .value = value},
                    {.event_class = &longest, .value = EventValue::Field(longest, 14)}},
        .group_by = {.max_series = 3}};
    alone.dimensions.push_back(dimension);
    dimension.sources.resize(1);
    dimension.sources[0].where = EventPredicate({{.offset = every.offset(2), .accepted = {0, 1}}});
    for (size_t field = 0; field < kFloat64; ++field) {
      dimension.sources[0].by.push_back(every.offset(field));
      dimension.group_by.fields.push_back(every.fields()[field]);
    }
    grouped.dimensions.push_back(dimension);
  }
};

inline const World& TheWorld() {
  static const World world;
  return world;
}

inline const EventClass& AnyClass(FuzzedDataProvider& input) {
  const auto& all = TheWorld().all_classes;
  return *all[input.ConsumeIntegralInRange<size_t>(0, all.size() - 1)];
}

}  // namespace metrics_runtime::fuzz
