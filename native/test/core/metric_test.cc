#include "core/metric.h"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <memory>

#include "core/instrument.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

TEST_CASE("metric: writes its dimensions by name in the order of their declaration") {
  StringTable strings;
  const DimensionDefinition sum{.name = "z", .aggregation = {.kind = AggregationKind::kSum}};
  const DimensionDefinition count{.name = "a", .aggregation = {.kind = AggregationKind::kCount}};
  Metric metric({.name = "m", .fingerprint = "", .dimensions = {sum, count}}, strings);
  alignas(8) const std::array<std::byte, 8> bytes{};
  const EventSource source{.value = EventValue::Constant(2.5)};
  (void)metric.dimension(0).Record(EventRecord(bytes.data()), source);
  (void)metric.dimension(1).Record(EventRecord(bytes.data()), source);
  CHECK(TextOf(metric) == "{\"z\": 2.5, \"a\": 1}");
  CHECK(metric.definition().name == "m");
}

TEST_CASE("metric: without dimensions is an empty object") {
  StringTable strings;
  const Metric metric({.name = "m", .fingerprint = "", .dimensions = {}}, strings);
  CHECK(TextOf(metric) == "{}");
}

TEST_CASE("metric: of an instrument is an object with its value") {
  StringTable strings;
  MetricDefinition definition{.name = "m"};
  definition.instrument = std::make_shared<Instrument>(
      InstrumentDefinition{
          .name = "m", .fingerprint = "", .labels = {}, .meaning = SlotMeaning({})},
      std::make_shared<std::atomic<uint64_t>>(0));
  const double slot = 2.5;
  (void)definition.instrument->AddSlots({}, &slot, nullptr);
  const Metric metric(definition, strings);
  CHECK(TextOf(metric) == "{\"value\": 2.5}");
}

}  // namespace metrics_runtime::test
