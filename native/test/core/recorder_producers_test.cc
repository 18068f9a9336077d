// A recorder that several threads feed: the end of one of them; and who is told of its stops.
#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include "core/recorder.h"
#include "support/fields.h"
#include "support/ring_producer.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

using Offered = RingProducer::Offered;

// Five rings of eight events each: the second and the fourth are those of one thread.
struct SharedRecorder {
  SharedRecorder() {
    for (size_t i = 0; i < producers.size(); ++i) {
      producers[i] = std::make_unique<RingProducer>(8u);
      recorder.AttachRing(std::make_unique<EventRing>(producers[i]->memory(), 8u, ThreadOf(i)));
    }
    REQUIRE(recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
    recorder.RegisterMetric({.name = "m",
                             .fingerprint = "",
                             .dimensions = {{.name = "sum",
                                             .aggregation = {.kind = AggregationKind::kSum},
                                             .sources = {{.event_class = &event,
                                                          .value = EventValue::Field(event, 0)}}}}},
                            classes.strings());
  }

  [[nodiscard]] const void* ThreadOf(size_t ring) const {
    return ring == 1 || ring == 3 ? static_cast<const void*>(&ending) : &others[ring];
  }
  // One event, whose value says where it came from: a decimal digit for each ring.
  void Offer(size_t ring) {
    REQUIRE(producers[ring]->Offer(event, {kWorth[ring]}) == Offered::kAccepted);
  }
  void EndRings() { recorder.EndRingsOf(&ending, classes, never); }
  uint64_t Drain() { return recorder.Drain(classes, never).events; }
  [[nodiscard]] std::string Sum() {
    return WrittenText([&](ValueWriter& writer) { recorder.WriteSnapshots(writer); });
  }

  static constexpr std::array<double, 5> kWorth = {1, 10, 100, 1'000, 10'000};

  EventClassRegistry classes;
  const EventClass& event = Registered(classes, "event", Float64s(1));
  Deadline never;
  const int ending = 0;
  const std::array<int, 5> others{};
  std::array<std::unique_ptr<RingProducer>, 5> producers;
  Recorder recorder{"r", 8};
};

}  // namespace

TEST_CASE("recorder: the end of a producer drains its rings and no other") {
  SharedRecorder shared;
  for (size_t ring = 0; ring < 5; ++ring) shared.Offer(ring);
  shared.Offer(3);
  shared.EndRings();
  CHECK(shared.Sum() == "{\"m\": {\"sum\": 2010}}");
  const RecorderStats stats = shared.recorder.ReadStats();
  CHECK(stats.dispatched == 3);
  CHECK(stats.pending == 3);
  CHECK(stats.accepted == 6);
  CHECK(shared.Drain() == 3);
  CHECK(shared.Sum() == "{\"m\": {\"sum\": 12111}}");
}

TEST_CASE("recorder: the memory of an ended producer is not touched and its counts stay") {
  SharedRecorder shared;
  for (int i = 0; i < 10; ++i) (void)shared.producers[1]->Offer(shared.event, {10});
  shared.producers[3]->CountInvalid();
  shared.EndRings();
  shared.producers[1].reset();  // AddressSanitizer and valgrind watch from here
  shared.producers[3].reset();
  for (const size_t ring : {0u, 2u, 4u}) shared.Offer(ring);
  CHECK(shared.Drain() == 3);
  CHECK_FALSE(shared.recorder.ProducerInside());
  REQUIRE(shared.recorder.Transition(RecorderState::kRunning, RecorderState::kStopping));
  for (const size_t ring : {0u, 2u, 4u}) CHECK_FALSE(shared.producers[ring]->open());
  shared.recorder.DetachRings();
  CHECK(shared.Sum() == "{\"m\": {\"sum\": 10181}}");
  const RecorderStats stats = shared.recorder.ReadStats();
  CHECK(stats.accepted == 11);
  CHECK(stats.dispatched == 11);
  CHECK(stats.dropped == 2);
  CHECK(stats.invalid == 1);
}

TEST_CASE("recorder: the end of a producer that has no ring or had its end changes nothing") {
  SharedRecorder shared;
  for (size_t ring = 0; ring < 5; ++ring) shared.Offer(ring);
  const int stranger = 0;
  shared.recorder.EndRingsOf(&stranger, shared.classes, shared.never);
  CHECK(shared.recorder.ReadStats().pending == 5);
  shared.EndRings();
  shared.EndRings();
  CHECK(shared.recorder.ReadStats().dispatched == 2);
  CHECK(shared.recorder.state() == RecorderState::kRunning);
  CHECK(shared.Drain() == 3);
}

TEST_CASE("recorder: what an ended producer has left at the deadline stays pending for ever") {
  SharedRecorder shared;
  for (int i = 0; i < 8; ++i) {
    shared.Offer(1);
    shared.Offer(3);
  }
  Deadline passed;
  passed.ExpireIn(std::chrono::nanoseconds(0));
  shared.recorder.EndRingsOf(&shared.ending, shared.classes, passed);
  shared.producers[1].reset();
  shared.producers[3].reset();
  const RecorderStats stats = shared.recorder.ReadStats();
  CHECK(stats.accepted == 16);
  CHECK(stats.dispatched + stats.pending == 16);
  const std::string sum = shared.Sum();
  CHECK(shared.Drain() == 0);
  CHECK(shared.Sum() == sum);
  CHECK(shared.recorder.ReadStats().pending == stats.pending);
}

TEST_CASE("recorder: a corrupt ring of an ended producer fails it and nothing is read twice") {
  for (const size_t corrupt : {1u, 3u}) {
    CAPTURE(corrupt);
    SharedRecorder shared;
    for (size_t ring = 0; ring < 5; ++ring) shared.Offer(ring);
    shared.producers[corrupt]->SetWordAt(RingLayout::kTailOffset, 1'000);
    shared.EndRings();
    CHECK(shared.recorder.state() == RecorderState::kFailure);
    CHECK(shared.recorder.ReadStats().fault.kind == RecorderFault::Kind::kDispatcher);
    shared.producers[1].reset();
    shared.producers[3].reset();
    // The one before the corrupt ring was read, the one behind it was not.
    const std::string sum = shared.Sum();
    CHECK(sum == (corrupt == 1 ? "{\"m\": {\"sum\": 0}}" : "{\"m\": {\"sum\": 10}}"));
    const RecorderStats stats = shared.recorder.ReadStats();
    CHECK(stats.dispatched == (corrupt == 1 ? 0 : 1));
    CHECK(stats.pending == (corrupt == 1 ? 12 : 11));  // no more than fits in the corrupt one
    shared.EndRings();
    CHECK(shared.Drain() == 0);
    CHECK(shared.Sum() == sum);
    CHECK(shared.recorder.ReadStats().pending == stats.pending);
    for (const size_t ring : {0u, 2u, 4u}) CHECK_FALSE(shared.producers[ring]->open());
  }
}

TEST_CASE("recorder: is told of each of its stops once and counts them") {
  Recorder recorder("r", 1);
  uint32_t told = 0;
  recorder.NotifyStops([&] { ++told; });
  REQUIRE(recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
  for (uint32_t stop = 1; stop <= 3; ++stop) {
    REQUIRE(recorder.Transition(RecorderState::kRunning, RecorderState::kStopping));
    CHECK(told == stop - 1);
    REQUIRE(recorder.Transition(RecorderState::kStopping, RecorderState::kStopped));
    CHECK_FALSE(recorder.Transition(RecorderState::kStopping, RecorderState::kStopped));
    CHECK(told == stop);
    CHECK(recorder.stops() == stop);
    REQUIRE(recorder.Transition(RecorderState::kStopped, RecorderState::kRunning));
  }
  CHECK(recorder.FailFrom(RecorderState::kRunning, RecorderFault::Kind::kOnStoppedHook, "no"));
  CHECK_FALSE(recorder.Transition(RecorderState::kFailure, RecorderState::kStopped));
  recorder.DetachRings();
  CHECK(told == 3);
  CHECK(recorder.stops() == 3);
}

}  // namespace metrics_runtime::test
