// A recorder's start that may be taken back: metrics and counts.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

#include "core/recorder.h"
#include "support/fields.h"
#include "support/refused_memory.h"
#include "support/ring_producer.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

using Offered = RingProducer::Offered;

// A recorder with a past of three events, of which the last start is kept for taking back.
struct StartingRecorder {
  StartingRecorder() {
    recorder.AttachRing(std::make_unique<EventRing>(producer->memory(), 8u));
    REQUIRE(recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
    Register("m");
    for (const double n : {1.0, 2.0, 3.0}) Offer(n);
    Drain();
    for (int i = 0; i < 9; ++i) (void)producer->Offer(event, {1});
    producer->CountInvalid();
    Drain();
    REQUIRE(recorder.Transition(RecorderState::kRunning, RecorderState::kStopped));
    REQUIRE(recorder.Transition(RecorderState::kStopped, RecorderState::kStarting));
    before = Snapshots();
    stats_before = recorder.ReadStats();
    recorder.KeepForTakingBack(classes.strings());
  }

  void Register(std::string name) {
    recorder.RegisterMetric(
        {.name = std::move(name),
         .fingerprint = "",
         .dimensions = {{.name = "by_n",
                         .sources = {{.event_class = &event, .by = {event.offset(0)}}},
                         .group_by = {.fields = {event.fields()[0]}, .max_series = 2}}}},
        classes.strings());
  }
  void Offer(double n) { REQUIRE(producer->Offer(event, {n}) == Offered::kAccepted); }
  void Drain() { (void)recorder.Drain(classes, never); }
  [[nodiscard]] std::string Snapshots() {
    return WrittenText([&](ValueWriter& writer) { recorder.WriteSnapshots(writer); });
  }
  // The metrics and counts are those from before the start, but for so many events more dropped.
  void CheckTakenBack(uint64_t dropped) {
    CHECK(Snapshots() == before);
    const RecorderStats stats = recorder.ReadStats();
    CHECK(stats.accepted == stats_before.accepted);
    CHECK(stats.dispatched == stats_before.dispatched);
    CHECK(stats.pending == stats_before.pending);
    CHECK(stats.dropped == stats_before.dropped + dropped);
    CHECK(stats.labels_overflowed == stats_before.labels_overflowed);
    CHECK(stats.series_overflowed == stats_before.series_overflowed);
    CHECK(recorder.state() == RecorderState::kFailure);
    CHECK(recorder.let_go());
    CHECK_FALSE(producer->open());
  }

  EventClassRegistry classes;
  const EventClass& event = Registered(classes, "event", {Uint32("n")});
  Deadline never;
  std::unique_ptr<RingProducer> producer = std::make_unique<RingProducer>(8u);
  Recorder recorder{"r", 8};
  std::string before;
  RecorderStats stats_before;
};

}  // namespace

TEST_CASE("recorder: a start taken back at once leaves everything and says why it failed") {
  StartingRecorder starting;
  starting.recorder.TakeBackStart(RecorderFault::Kind::kOnStartingHook, "the reason");
  starting.CheckTakenBack(0);
  const RecorderStats stats = starting.recorder.ReadStats();
  CHECK(stats.fault.kind == RecorderFault::Kind::kOnStartingHook);
  CHECK(std::string(stats.fault.reason) == "the reason");
  CHECK(stats.invalid == 1);
}

TEST_CASE("recorder: events of a start taken back count as dropped whether dispatched or not") {
  StartingRecorder starting;
  for (const double n : {4.0, 5.0, 1.0}) starting.Offer(n);
  starting.Drain();
  starting.Register("more");
  for (int i = 0; i < 8; ++i) starting.Offer(6);
  CHECK(starting.producer->Offer(starting.event, {6}) == Offered::kDropped);
  starting.producer->CountInvalid();
  CHECK(starting.Snapshots() != starting.before);
  starting.recorder.TakeBackStart(RecorderFault::Kind::kOnStartingHook, "no");
  starting.CheckTakenBack(12);
  CHECK(starting.recorder.ReadStats().invalid == 2);
}

TEST_CASE("recorder: whose start was taken back never touches its rings nor goes on") {
  StartingRecorder starting;
  starting.Offer(1);
  starting.recorder.TakeBackStart(RecorderFault::Kind::kOnStartingHook, "no");
  starting.CheckTakenBack(1);
  starting.producer.reset();  // AddressSanitizer and valgrind watch from here
  starting.Drain();
  starting.recorder.DetachRings();
  for (const auto to : {RecorderState::kStarting, RecorderState::kRunning}) {
    CHECK_FALSE(starting.recorder.Transition(RecorderState::kFailure, to));
  }
  CHECK(starting.Snapshots() == starting.before);
  CHECK(starting.recorder.ReadStats().dropped == starting.stats_before.dropped + 1);
}

TEST_CASE("recorder: a dispatcher that failed meanwhile stays the reason") {
  StartingRecorder starting;
  starting.Offer(4);
  starting.Drain();
  starting.producer->SetWordAt(RingLayout::kTailOffset, 1'000);
  starting.Drain();
  REQUIRE(starting.recorder.state() == RecorderState::kFailure);
  const std::string reason = starting.recorder.ReadStats().fault.reason;
  starting.recorder.TakeBackStart(RecorderFault::Kind::kOnStartingHook, "the hook's");
  CHECK(starting.recorder.ReadStats().fault.kind == RecorderFault::Kind::kDispatcher);
  CHECK(starting.recorder.ReadStats().fault.reason == reason);
  CHECK(starting.Snapshots() == starting.before);
  CHECK(starting.recorder.ReadStats().dispatched == starting.stats_before.dispatched);
}

TEST_CASE("recorder: a start that is confirmed keeps what came") {
  StartingRecorder starting;
  starting.Offer(1);
  starting.recorder.ConfirmStart();
  REQUIRE(starting.recorder.Transition(RecorderState::kStarting, RecorderState::kRunning));
  starting.Offer(2);
  starting.Drain();
  const RecorderStats stats = starting.recorder.ReadStats();
  CHECK(stats.accepted == starting.stats_before.accepted + 2);
  CHECK(stats.dispatched == stats.accepted);
  CHECK(stats.dropped == starting.stats_before.dropped);
  CHECK(starting.Snapshots() != starting.before);
}

TEST_CASE("recorder: one start is confirmed and the next taken back to where that one led") {
  StartingRecorder starting;
  starting.Offer(1);
  starting.Drain();
  starting.recorder.ConfirmStart();
  starting.before = starting.Snapshots();
  starting.stats_before = starting.recorder.ReadStats();
  starting.recorder.KeepForTakingBack(starting.classes.strings());
  for (const double n : {1.0, 9.0}) starting.Offer(n);
  starting.Drain();
  starting.recorder.TakeBackStart(RecorderFault::Kind::kOnStartingHook, "no");
  starting.CheckTakenBack(2);
}

TEST_CASE("recorder: a refusal of memory when a start is kept changes nothing") {
  StartingRecorder starting;
  starting.recorder.ConfirmStart();
  size_t granted = 0;
  while (IsRefused(granted,
                   [&] { starting.recorder.KeepForTakingBack(starting.classes.strings()); })) {
    REQUIRE(starting.Snapshots() == starting.before);
    REQUIRE(starting.recorder.state() == RecorderState::kStarting);
    ++granted;
  }
  CHECK(granted > 3);
  starting.Offer(4);
  starting.recorder.TakeBackStart(RecorderFault::Kind::kOnStartingHook, "no");
  starting.CheckTakenBack(1);
}

TEST_CASE("recorder: a start is taken back whose producer has taken events back itself") {
  EventClassRegistry classes;
  const EventClass& event = Registered(classes, "event", {Uint32("n")});
  RingProducer producer(8);
  Recorder recorder("r", 8);
  recorder.AttachRing(std::make_unique<EventRing>(producer.memory(), 8u));
  REQUIRE(recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
  for (int i = 0; i < 3; ++i) REQUIRE(producer.Offer(event, {1}) == Offered::kAccepted);
  recorder.KeepForTakingBack(classes.strings());
  producer.SetWordAt(RingLayout::kTailOffset, 0);
  recorder.TakeBackStart(RecorderFault::Kind::kOnStartingHook, "no");
  CHECK(recorder.ReadStats().dropped == 0);
}

}  // namespace metrics_runtime::test
