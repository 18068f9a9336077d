// A recorder whose threads read their own events a second time: counts, and how readers end.
#include <doctest/doctest.h>

#include "support/read_rings.h"

namespace metrics_runtime::test {

TEST_CASE("recorder readers: pending has what is dispatched and not handled and accepted not") {
  ReadRings rings;
  rings.RunAndRead();
  rings.Offer(rings.creator, 3);
  rings.Offer(rings.other, 2);
  rings.CheckStats(5, 0, 5, 0);
  CHECK(rings.recorder.ReadersHold());
  REQUIRE(rings.Drain() == 5);
  rings.CheckStats(5, 5, 5, 0);
  CHECK(rings.creator.reader.Handle() == 3);
  CHECK(rings.recorder.ReadersHold());
  rings.CheckStats(5, 5, 2, 0);
  CHECK(rings.other.reader.Handle(1) == 1);
  rings.Offer(rings.other, 1);
  rings.CheckStats(6, 5, 2, 0);
  CHECK(rings.other.reader.Handle() == 2);
  CHECK_FALSE(rings.recorder.ReadersHold());
  rings.CheckStats(6, 5, 1, 0);
  REQUIRE(rings.Drain() == 1);
  rings.CheckStats(6, 6, 0, 0);
}

TEST_CASE("recorder readers: those that hold events are retired and the others read on") {
  for (const bool creator_holds : {true, false}) {
    CAPTURE(creator_holds);
    ReadRings rings;
    rings.RunAndRead();
    auto& holding = creator_holds ? rings.creator : rings.other;
    auto& idle = creator_holds ? rings.other : rings.creator;
    rings.Offer(holding, 3);
    rings.Offer(idle, 2);
    REQUIRE(rings.Drain() == 5);
    CHECK(idle.reader.Handle() == 2);
    CHECK(holding.reader.Handle(1) == 1);
    rings.recorder.RetireHoldingReaders();
    CHECK(holding.reader.retired());
    CHECK_FALSE(idle.reader.retired());
    CHECK_FALSE(rings.recorder.ReadersHold());
    rings.CheckStats(5, 5, 0, 2);
    rings.Offer(idle, 1);
    CHECK(rings.recorder.ReadersHold());
    CHECK(idle.reader.Handle() == 1);
    rings.recorder.RetireHoldingReaders();
    rings.CheckStats(6, 5, 1, 2);
  }
}

TEST_CASE("recorder readers: letting go counts what nobody took and keeps the rest of the counts") {
  ReadRings rings;
  rings.RunAndRead();
  rings.Offer(rings.creator, 4);
  rings.Offer(rings.other, 2);
  REQUIRE(rings.Drain() == 6);
  rings.Offer(rings.creator, 1);  // stays pending, and is not delivered either
  CHECK(rings.creator.reader.Handle(1) == 1);
  REQUIRE(rings.other.reader.Take());  // and not handled: who was to handle it has it
  rings.recorder.DetachRings();
  rings.CheckStats(7, 6, 1, 5);
  CHECK(rings.creator.reader.retired());
  CHECK_FALSE(rings.other.reader.Take());
  CHECK_FALSE(rings.recorder.ReadersHold());
  rings.recorder.DetachRings();
  rings.CheckStats(7, 6, 1, 5);
}

TEST_CASE("recorder readers: the memory of those that were let go may be gone") {
  ReadRings rings;
  rings.RunAndRead();
  rings.Offer(rings.creator, 2);
  rings.Offer(rings.other, 3);
  REQUIRE(rings.Drain() == 5);
  rings.recorder.EndRingsOf(&rings.other, rings.classes, rings.never);
  rings.other.producer.reset();  // AddressSanitizer and valgrind watch from here
  rings.CheckStats(5, 5, 2, 3);
  rings.recorder.RetireHoldingReaders();
  rings.recorder.DetachRings();
  rings.creator.producer.reset();
  rings.recorder.SignalReaders();
  rings.recorder.RetireHoldingReaders();
  rings.recorder.ConfirmStart();
  CHECK_FALSE(rings.recorder.ReadersHold());
  rings.CheckStats(5, 5, 0, 5);
}

TEST_CASE("recorder readers: the end of a thread counts what it had not taken and no one else's") {
  ReadRings rings;
  rings.RunAndRead();
  rings.Offer(rings.creator, 3);
  rings.Offer(rings.other, 4);
  CHECK(rings.other.reader.Handle(1) == 1);
  rings.recorder.EndRingsOf(&rings.other, rings.classes, rings.never);
  rings.CheckStats(7, 4, 3, 3);
  CHECK(rings.other.reader.retired());
  CHECK_FALSE(rings.creator.reader.retired());
  REQUIRE(rings.Drain() == 3);
  CHECK(rings.creator.reader.Handle() == 3);
  rings.CheckStats(7, 7, 0, 3);
}

TEST_CASE("recorder readers: one that was retired reads on in the next start") {
  ReadRings rings;
  rings.RunAndRead();
  rings.Offer(rings.creator, 3);
  REQUIRE(rings.recorder.Transition(RecorderState::kRunning, RecorderState::kStopping));
  REQUIRE(rings.Drain() == 3);
  rings.recorder.RetireHoldingReaders();
  REQUIRE(rings.recorder.Transition(RecorderState::kStopping, RecorderState::kStopped));
  REQUIRE(rings.recorder.Transition(RecorderState::kStopped, RecorderState::kRunning));
  rings.CheckStats(3, 3, 0, 3);
  rings.Offer(rings.creator, 1);  // before the thread has noticed: nobody's
  rings.creator.reader.Close();
  rings.creator.reader.Open();
  rings.Offer(rings.creator, 2);
  REQUIRE(rings.Drain() == 3);
  rings.CheckStats(6, 6, 2, 3);
  CHECK(rings.creator.reader.Handle() == 2);
  rings.CheckStats(6, 6, 0, 3);
}

}  // namespace metrics_runtime::test
