// A recorder to which the system refuses memory.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "core/recorder.h"
#include "support/fields.h"
#include "support/refused_memory.h"
#include "support/ring_producer.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

TEST_CASE("recorder: fails for good when a new series gets no memory and keeps what it has") {
  EventClassRegistry classes;
  const EventClass& save = Registered(classes, "save", {Uint32("size")});
  const Deadline never;
  RingProducer producer(8);
  Recorder recorder("r", 8);
  recorder.AttachRing(std::make_unique<EventRing>(producer.memory(), 8u));
  REQUIRE(recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
  recorder.RegisterMetric(
      {.name = "m",
       .fingerprint = "",
       .dimensions = {{.name = "by_size",
                       .sources = {{.event_class = &save, .by = {save.offset(0)}}},
                       .group_by = {.fields = {save.fields()[0]}}}}},
      classes.strings());
  const auto snapshot = [&] {
    return WrittenText([&](ValueWriter& writer) { recorder.WriteSnapshots(writer); });
  };
  REQUIRE(producer.Offer(save, {1}) == RingProducer::Offered::kAccepted);
  REQUIRE(recorder.Drain(classes, never).events == 1);
  const std::string before = snapshot();

  for (const double size : {1.0, 1.0, 2.0, 1.0}) (void)producer.Offer(save, {size});
  {
    const RefusedMemory refused_memory(0);
    CHECK(recorder.Drain(classes, never).events == 2);
  }
  CHECK(recorder.state() == RecorderState::kFailure);
  CHECK_FALSE(producer.open());
  const RecorderStats stats = recorder.ReadStats();
  CHECK(stats.dispatched == 3);
  CHECK(stats.pending == 2);
  CHECK(std::string(stats.fault.reason) != "");
  CHECK(recorder.Drain(classes, never).events == 0);
  CHECK(snapshot() == "{\"m\": {\"by_size\": [{\"labels\": {\"size\": \"1\"}, \"value\": 3}]}}");
  CHECK(before != snapshot());
}

}  // namespace metrics_runtime::test
