// Events that carry the number of their ring and their own number in it, and the metrics that show
// of each ring which events were dispatched, how often and in what order.
//
// Threads: as EventClassRegistry and Recorder say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/event_class_registry.h"
#include "core/recorder.h"
#include "support/fields.h"
#include "support/ring_producer.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

class NumberedEvents {
 public:
  using Offered = RingProducer::Offered;

  // Offers event `number` of ring `ring`; of two lengths in turn. `inside`: as RingProducer::Offer.
  template <typename Inside>
  Offered Offer(RingProducer& producer, size_t ring, uint64_t number, Inside&& inside) const {
    const auto from = static_cast<double>(ring);
    const auto n = static_cast<double>(number);
    if (number % 3 != 0) return producer.Offer(small, {from, n}, inside);
    return producer.Offer(large, {from, n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n}, inside);
  }

  // Two of them, alike.
  void RegisterMetrics(Recorder& recorder, uint32_t rings) const {
    for (const char* name : {"a", "b"}) {
      recorder.RegisterMetric(Definition(name, rings), classes.strings());
    }
  }
  // The snapshots when of each ring so many events were dispatched: the first ones, in order, once.
  [[nodiscard]] static std::string SnapshotsOf(const std::vector<uint64_t>& dispatched) {
    return WrittenText([&](ValueWriter& writer) {
      writer.Object(2);
      for (const char* metric : {"a", "b"}) {
        writer.Key(metric);
        writer.Object(3 * dispatched.size());
        for (size_t i = 0; i < dispatched.size(); ++i) {
          const uint64_t count = dispatched[i];
          writer.Key(NameOf("count", i));
          writer.Number(static_cast<double>(count));
          writer.Key(NameOf("last", i));
          writer.Number(count == 0 ? std::nullopt : std::optional(static_cast<double>(count - 1)));
          writer.Key(NameOf("sum", i));
          writer.Number(count == 0 ? 0 : static_cast<double>(count * (count - 1) / 2));
        }
      }
    });
  }

  EventClassRegistry classes;
  const EventClass& small = Registered(classes, "small", {Uint32("ring"), Uint32("n")});
  const EventClass& large = Registered(classes, "large", LargeFields());

 private:
  static std::vector<FieldSpec> LargeFields() {
    std::vector<FieldSpec> fields = Float64s(13);
    fields.insert(fields.begin(), {Uint32("ring"), Uint32("n")});
    return fields;
  }
  static std::string NameOf(const char* what, size_t i) { return what + std::to_string(i); }

  // For each ring three dimensions, of its events alone. The sum reads the last field, so a record
  // that is not whole shows.
  [[nodiscard]] MetricDefinition Definition(const char* name, uint32_t rings) const {
    MetricDefinition definition{.name = name, .fingerprint = "", .dimensions = {}};
    for (uint32_t i = 0; i < rings; ++i) {
      const auto add = [&](const char* what, AggregationKind kind, size_t small_field,
                           size_t large_field) {
        const auto source = [&](const EventClass& event_class, size_t field) {
          return EventSource{
              .event_class = &event_class,
              .where = EventPredicate(std::vector<FieldCondition>{{event_class.offset(0), {i}}}),
              .value = EventValue::Field(event_class, field)};
        };
        definition.dimensions.push_back(
            {.name = NameOf(what, i),
             .aggregation = {.kind = kind},
             .sources = {source(small, small_field), source(large, large_field)}});
      };
      add("count", AggregationKind::kCount, 1, 1);
      add("last", AggregationKind::kLast, 1, 1);
      add("sum", AggregationKind::kSum, 1, 14);
    }
    return definition;
  }
};

}  // namespace metrics_runtime::test
