#include "core/metric.h"

#include <doctest/doctest.h>

#include <array>

#include "support/fields.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

TEST_CASE("event value: a constant stays what it is whatever the record says") {
  alignas(8) const std::array<std::byte, 8> bytes{};
  CHECK(EventValue::Constant(-2.5).Of(EventRecord(bytes.data())) == -2.5);
}

TEST_CASE("event value: reads a float64 field and a uint32 field as numbers") {
  const EventClass event_class(0, "e", {Uint32("u"), Float64("f")});
  alignas(8) std::array<std::byte, 16> bytes{};
  *reinterpret_cast<uint32_t*>(&bytes[event_class.offset(0)]) = 0xffff'ffff;
  *reinterpret_cast<double*>(&bytes[event_class.offset(1)]) = 0.125;
  const EventRecord record(bytes.data());
  CHECK(EventValue::Field(event_class, 0).Of(record) == 4294967295.0);
  CHECK(EventValue::Field(event_class, 1).Of(record) == 0.125);
}

TEST_CASE("metric: writes its dimensions by name in the order of their declaration") {
  const DimensionDefinition sum{
      .name = "z", .kind = AggregationKind::kSum, .sources = {}, .bounds = {}};
  const DimensionDefinition count{
      .name = "a", .kind = AggregationKind::kCount, .sources = {}, .bounds = {}};
  Metric metric({.name = "m", .fingerprint = "", .dimensions = {sum, count}});
  metric.aggregation(0).Record(2.5);
  metric.aggregation(1).Record(2.5);
  CHECK(WrittenText([&](ValueWriter& writer) { metric.Write(writer); }) ==
        "{\"z\": 2.5, \"a\": 1}");
  CHECK(metric.definition().name == "m");
}

TEST_CASE("metric: without dimensions is an empty object") {
  const Metric metric({.name = "m", .fingerprint = "", .dimensions = {}});
  CHECK(WrittenText([&](ValueWriter& writer) { metric.Write(writer); }) == "{}");
}

}  // namespace metrics_runtime::test
