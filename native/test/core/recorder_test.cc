#include "core/recorder.h"

#include <doctest/doctest.h>

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/fields.h"
#include "support/ring_producer.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

using Offered = RingProducer::Offered;

// A running recorder with one ring. The memory of the ring can be taken away.
struct RunningRecorder {
  RunningRecorder() {
    recorder.AttachRing(std::make_unique<EventRing>(producer->memory(), 8u));
    REQUIRE(recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
  }

  void Offer(const EventClass& event_class, std::initializer_list<double> values) {
    REQUIRE(producer->Offer(event_class, values) == Offered::kAccepted);
  }
  void Register(MetricDefinition definition) {
    recorder.RegisterMetric(std::move(definition), classes.strings());
  }
  uint64_t Drain() { return recorder.Drain(classes, never).events; }
  std::string Snapshots() {
    return WrittenText([&](ValueWriter& writer) { recorder.WriteSnapshots(writer); });
  }

  EventClassRegistry classes;
  const EventClass& save = Registered(classes, "save", {Boolean("ok"), Float64("ms")});
  const EventClass& load = Registered(classes, "load", {Label("from", 2)});
  Deadline never;
  std::unique_ptr<RingProducer> producer = std::make_unique<RingProducer>(8u);
  Recorder recorder{"r", 8};
};

DimensionDefinition DimensionOf(std::string name, AggregationKind kind,
                                std::vector<EventSource> sources) {
  return {.name = std::move(name), .aggregation = {.kind = kind}, .sources = std::move(sources)};
}

MetricDefinition CountOf(const std::string& name, const EventClass& event_class,
                         std::string fingerprint = "count") {
  return {.name = name,
          .fingerprint = std::move(fingerprint),
          .dimensions = {
              DimensionOf("total", AggregationKind::kCount, {{.event_class = &event_class}})}};
}

}  // namespace

TEST_CASE("recorder: goes from one state to another only from where it is") {
  Recorder recorder("r", 1);
  CHECK(recorder.state() == RecorderState::kVirgin);
  CHECK_FALSE(recorder.Transition(RecorderState::kRunning, RecorderState::kStopping));
  CHECK(recorder.state() == RecorderState::kVirgin);
  CHECK(recorder.Transition(RecorderState::kVirgin, RecorderState::kStarting));
  CHECK(recorder.state() == RecorderState::kStarting);
}

TEST_CASE("recorder: tells its rings the state when they are attached and when it changes") {
  RunningRecorder running;
  CHECK(running.producer->open());
  REQUIRE(running.recorder.Transition(RecorderState::kRunning, RecorderState::kStopping));
  CHECK_FALSE(running.producer->open());
  RingProducer another(4);
  running.recorder.AttachRing(std::make_unique<EventRing>(another.memory(), 4u));
  CHECK(another.WordAt(RingLayout::kStateOffset) ==
        static_cast<uint32_t>(RecorderState::kStopping));
  running.recorder.DetachRings();
}

TEST_CASE("recorder: sends each event to the dimensions whose class and condition it meets") {
  RunningRecorder running;
  const EventClass& save = running.save;
  const EventPredicate failed(std::vector<FieldCondition>{{save.offset(0), {0}}});
  running.Register(
      {.name = "saves",
       .fingerprint = "",
       .dimensions = {
           DimensionOf("total", AggregationKind::kCount, {{.event_class = &save}}),
           DimensionOf("failed", AggregationKind::kCount,
                       {{.event_class = &save, .where = failed}}),
           DimensionOf("ms", AggregationKind::kSum,
                       {{.event_class = &save, .value = EventValue::Field(save, 1)}}),
           DimensionOf("both", AggregationKind::kUpDown,
                       {{.event_class = &save, .value = EventValue::Constant(1)},
                        {.event_class = &running.load, .value = EventValue::Constant(-10)}})}});
  running.Offer(save, {1, 2.5});
  running.Offer(save, {0, 4});
  running.Offer(running.load, {1});
  CHECK(running.Drain() == 3);
  CHECK(running.Snapshots() ==
        "{\"saves\": {\"total\": 2, \"failed\": 1, \"ms\": 6.5, \"both\": -8}}");
}

TEST_CASE("recorder: an event that no metric wants is dispatched all the same") {
  RunningRecorder running;
  running.Offer(running.save, {1, 1});
  CHECK(running.Drain() == 1);
  CHECK(running.recorder.ReadStats().dispatched == 1);
  CHECK(running.Snapshots() == "{}");
}

TEST_CASE("recorder: metrics stand in the order of registration and a replaced one in its place") {
  RunningRecorder running;
  for (const char* name : {"b", "a", "c"}) {
    running.Register(CountOf(name, running.save));
  }
  running.Offer(running.save, {1, 1});
  (void)running.Drain();
  running.Register(CountOf("a", running.load, "other"));
  CHECK(running.Snapshots() ==
        "{\"b\": {\"total\": 1}, \"a\": {\"total\": 0}, \"c\": {\"total\": 1}}");
  running.Offer(running.load, {1});
  running.Offer(running.save, {1, 1});
  (void)running.Drain();
  CHECK(running.Snapshots() ==
        "{\"b\": {\"total\": 2}, \"a\": {\"total\": 1}, \"c\": {\"total\": 2}}");
}

TEST_CASE("recorder: an equal definition changes nothing") {
  RunningRecorder running;
  running.Register(CountOf("a", running.save));
  running.Offer(running.save, {1, 1});
  (void)running.Drain();
  running.Register(CountOf("a", running.save));
  CHECK(running.Snapshots() == "{\"a\": {\"total\": 1}}");
}

TEST_CASE("recorder: counts labels that overflowed") {
  RunningRecorder running;
  running.Offer(running.load, {StringTable::kOverflowId});
  running.Offer(running.load, {1});
  running.Offer(running.load, {StringTable::kOverflowId});
  (void)running.Drain();
  CHECK(running.recorder.ReadStats().labels_overflowed == 2);
}

TEST_CASE("recorder: counts values that went to an overflow series over all dimensions") {
  RunningRecorder running;
  const EventClass& load = running.load;
  const DimensionDefinition by_from{.name = "by_from",
                                    .sources = {{.event_class = &load, .by = {load.offset(0)}}},
                                    .group_by = {.fields = {load.fields()[0]}, .max_series = 1}};
  running.Register({.name = "a", .fingerprint = "", .dimensions = {by_from, by_from}});
  for (const double from : {1.0, 2.0, 1.0, 2.0}) running.Offer(load, {from});
  (void)running.Drain();
  CHECK(running.recorder.ReadStats().series_overflowed == 4);
}

TEST_CASE("recorder: fails for good over corrupt memory and says why") {
  RunningRecorder running;
  running.Register(CountOf("a", running.save));
  running.Offer(running.save, {1, 1});
  (void)running.Drain();
  running.producer->SetWordAt(RingLayout::kTailOffset, 100);
  CHECK(running.Drain() == 0);
  CHECK(running.recorder.state() == RecorderState::kFailure);
  CHECK(running.recorder.ReadStats().fault.kind == RecorderFault::Kind::kDispatcher);
  CHECK_FALSE(running.producer->open());
  CHECK_FALSE(running.recorder.Transition(RecorderState::kFailure, RecorderState::kRunning));
  // Also when the memory looks right again.
  running.producer->SetWordAt(RingLayout::kTailOffset, 2);
  CHECK(running.Drain() == 0);
  CHECK(running.Snapshots() == "{\"a\": {\"total\": 1}}");
}

TEST_CASE("recorder: fails over a number that no producer writes and counts nothing of it") {
  for (const double value :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    RunningRecorder running;
    const EventClass& save = running.save;
    // Also not the metric that comes first and does not look at the number.
    running.Register(
        {.name = "all",
         .fingerprint = "",
         .dimensions = {DimensionOf("total", AggregationKind::kCount, {{.event_class = &save}})}});
    running.Register({.name = "saves",
                      .fingerprint = "",
                      .dimensions = {DimensionOf(
                          "ms", AggregationKind::kSum,
                          {{.event_class = &save, .value = EventValue::Field(save, 1)}})}});
    running.Offer(save, {1, 2.5});
    running.Offer(save, {1, value});
    running.Offer(save, {1, 4});
    CHECK(running.Drain() == 1);
    CHECK(running.recorder.state() == RecorderState::kFailure);
    CHECK(running.recorder.ReadStats().pending == 2);
    CHECK(running.Snapshots() == "{\"all\": {\"total\": 1}, \"saves\": {\"ms\": 2.5}}");
  }
}

TEST_CASE("recorder: keeps the counts of rings it has let go and never touches their memory") {
  RunningRecorder running;
  for (int i = 0; i < 3; ++i) running.Offer(running.save, {1, 1});
  (void)running.Drain();
  for (int i = 0; i < 8; ++i) running.Offer(running.save, {1, 1});
  REQUIRE(running.producer->Offer(running.save, {1, 1}) == Offered::kDropped);
  running.producer->CountInvalid();
  running.recorder.DetachRings();
  running.producer.reset();  // AddressSanitizer and valgrind watch from here
  CHECK(running.Drain() == 0);
  const RecorderStats stats = running.recorder.ReadStats();
  CHECK(stats.accepted == 11);
  CHECK(stats.dispatched == 3);
  CHECK(stats.pending == 8);
  CHECK(stats.dropped == 1);
  CHECK(stats.invalid == 1);
}

TEST_CASE("recorder: stays in the state in which its rings were let go") {
  RunningRecorder running;
  REQUIRE(running.recorder.Transition(RecorderState::kRunning, RecorderState::kStopped));
  running.recorder.DetachRings();
  CHECK_FALSE(running.recorder.Transition(RecorderState::kStopped, RecorderState::kStarting));
  CHECK(running.recorder.state() == RecorderState::kStopped);
}

TEST_CASE("recorder: adds up the counts of all its rings") {
  RunningRecorder running;
  RingProducer another(4);
  running.recorder.AttachRing(std::make_unique<EventRing>(another.memory(), 4u));
  running.Offer(running.save, {1, 1});
  for (int i = 0; i < 6; ++i) (void)another.Offer(running.save, {1, 1});
  CHECK(running.recorder.ReadStats().pending == 5);
  const Recorder::DrainCounts drained = running.recorder.Drain(running.classes, running.never);
  CHECK(drained.events == 5);
  CHECK(drained.deepest == 4);
  const RecorderStats stats = running.recorder.ReadStats();
  CHECK(stats.accepted == 5);
  CHECK(stats.dispatched == 5);
  CHECK(stats.dropped == 2);
}

TEST_CASE("recorder: that is about to end takes no more events and does not start again") {
  RunningRecorder running;
  running.recorder.BeginEnd();
  CHECK(running.recorder.state() == RecorderState::kStopping);
  CHECK_FALSE(running.producer->open());
  REQUIRE(running.recorder.Transition(RecorderState::kStopping, RecorderState::kStopped));
  CHECK_FALSE(running.recorder.Transition(RecorderState::kStopped, RecorderState::kStarting));
}

}  // namespace metrics_runtime::test
