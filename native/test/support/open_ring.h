// One open ring with both its ends, as the tests of EventRing need it.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <utility>
#include <vector>

#include "core/event_ring.h"
#include "support/fields.h"
#include "support/ring_producer.h"

namespace metrics_runtime::test {

using DrainResult = EventRing::DrainResult;
using Offered = RingProducer::Offered;

// A ring that is open, with its producer and three classes: records of 1, 2 and 16 words.
struct OpenRing {
  explicit OpenRing(
      uint32_t queue_max_size, std::function<void()> wake = [] {}, uint32_t first_event = 0)
      : producer(queue_max_size, std::move(wake), first_event),
        ring(producer.memory(), queue_max_size) {
    ring.WriteState(RecorderState::kRunning);
  }

  template <typename Dispatch>
  DrainResult Drain(Dispatch&& dispatch) {
    return ring.Drain(classes, never, [&](auto& event_class, auto& record) {
      dispatch(event_class, record);
      return true;
    });
  }
  // Drains, and returns the first fields of the records.
  std::vector<double> Drained() {
    std::vector<double> values;
    REQUIRE(Drain([&](const EventClass& event_class, const EventRecord& record) {
              values.push_back(First(event_class, record));
            }) == DrainResult::kDrained);
    return values;
  }
  static double First(const EventClass& event_class, const EventRecord& record) {
    const uint32_t offset = event_class.offset(0);
    return event_class.fields()[0].kind == FieldKind::kFloat64 ? record.F64(offset)
                                                               : record.U32(offset);
  }
  uint32_t head() { return producer.WordAt(RingLayout::kHeadOffset); }

  EventClassRegistry classes;
  const EventClass& small = Registered(classes, "small", {Uint32("n")});
  const EventClass& medium = Registered(classes, "medium", Float64s(1));
  const EventClass& large = Registered(classes, "large", Float64s(15));
  Deadline never;
  RingProducer producer;
  EventRing ring;
};

}  // namespace metrics_runtime::test
