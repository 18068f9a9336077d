// A start that may be taken back, of a recorder whose threads read their own events: until it is
// certain, they must not.
#include <doctest/doctest.h>

#include "support/read_rings.h"

namespace metrics_runtime::test {

namespace {

constexpr auto kOnStartingHook = RecorderFault::Kind::kOnStartingHook;

// With a past of three events of the creator's, of which two were never delivered.
struct StartingRings : ReadRings {
  StartingRings() {
    RunAndRead();
    Offer(creator, 3);
    REQUIRE(creator.reader.Handle(1) == 1);
    REQUIRE(recorder.Transition(RecorderState::kRunning, RecorderState::kStopping));
    REQUIRE(Drain() == 3);
    recorder.RetireHoldingReaders();
    REQUIRE(recorder.Transition(RecorderState::kStopping, RecorderState::kStopped));
    creator.reader.Open();
    recorder.KeepForTakingBack(classes.strings());
  }
  void Begin() { REQUIRE(recorder.Transition(RecorderState::kStopped, RecorderState::kStarting)); }
  void CheckTakenBack(uint64_t dropped) {
    CheckStats(3, 3, 0, 2);
    CHECK(recorder.ReadStats().dropped == dropped);
  }
};

}  // namespace

TEST_CASE("recorder readers: events are withheld from before the start until it is certain") {
  StartingRings rings;
  CHECK(rings.creator.reader.withheld());  // and nobody was told of the state yet
  CHECK(rings.other.reader.withheld());
  CHECK_FALSE(rings.creator.producer->open());
  rings.Begin();
  CHECK(rings.creator.reader.withheld());
  rings.recorder.ConfirmStart();
  CHECK_FALSE(rings.creator.reader.withheld());
  CHECK_FALSE(rings.other.reader.withheld());
}

TEST_CASE("recorder readers: events of a ring are withheld exactly if it comes to such a start") {
  StartingRings rings;
  rings.Begin();
  ReadRings::Thread third;
  rings.Attach(third);
  CHECK(third.reader.withheld());
  rings.recorder.ConfirmStart();
  CHECK_FALSE(third.reader.withheld());
  ReadRings::Thread fourth;
  rings.Attach(fourth);
  CHECK_FALSE(fourth.reader.withheld());
  rings.recorder.DetachRings();  // before their memory goes
}

TEST_CASE("recorder readers: a start that is certain is delivered as any other") {
  StartingRings rings;
  rings.Begin();
  rings.Offer(rings.creator, 2);
  REQUIRE(rings.Drain() == 2);
  rings.recorder.ConfirmStart();
  rings.CheckStats(5, 5, 2, 2);
  CHECK(rings.creator.reader.Handle() == 2);
  rings.CheckStats(5, 5, 0, 2);
}

TEST_CASE("recorder readers: who holds events of a start is signalled when it is certain") {
  StartingRings rings;
  rings.Begin();
  rings.Offer(rings.other, 1);
  REQUIRE(rings.Drain() == 1);
  rings.creator.signals = rings.other.signals = 0;
  rings.recorder.ConfirmStart();
  CHECK(rings.creator.signals == 0);
  CHECK(rings.other.signals == 1);
}

TEST_CASE("recorder readers: events of a start taken back are dropped and nothing else too") {
  for (const bool drained : {false, true}) {
    CAPTURE(drained);
    StartingRings rings;
    rings.Begin();
    rings.Offer(rings.creator, 3);
    rings.Offer(rings.other, 2);
    if (drained) REQUIRE(rings.Drain() == 5);
    rings.recorder.TakeBackStart(kOnStartingHook, "the reason");
    rings.CheckTakenBack(5);
    CHECK(rings.creator.reader.retired());
    CHECK_FALSE(rings.creator.reader.Take());
  }
}

TEST_CASE("recorder readers: events of a start taken back are dropped though their thread ended") {
  for (const bool drained : {false, true}) {
    CAPTURE(drained);
    StartingRings rings;
    rings.Begin();
    rings.Offer(rings.other, 2);
    if (drained) REQUIRE(rings.Drain() == 2);
    rings.recorder.EndRingsOf(&rings.other, rings.classes, rings.never);
    rings.recorder.TakeBackStart(kOnStartingHook, "the reason");
    rings.CheckTakenBack(2);
  }
}

TEST_CASE("recorder readers: a metric whose thread ended amid a start does not come back with it") {
  ReadRings rings;
  rings.RegisterCustom("x", rings.other);
  rings.RegisterCustom("y", rings.creator);
  rings.recorder.KeepForTakingBack(rings.classes.strings());
  rings.recorder.EndRingsOf(&rings.other, rings.classes, rings.never);
  rings.recorder.TakeBackStart(kOnStartingHook, "the reason");
  CHECK(rings.SnapshotsFor(&rings.other) == "{}");
  CHECK(rings.SnapshotsFor(&rings.creator) == "{\"y\": null}");
}

}  // namespace metrics_runtime::test
