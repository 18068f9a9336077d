// When a recorder tells the threads that read their own events of them.
#include <doctest/doctest.h>

#include <memory>
#include <utility>

#include "support/read_rings.h"

namespace metrics_runtime::test {

namespace {

// Drains, and how often each was told meanwhile.
std::pair<int, int> SignalsOfDrain(ReadRings& rings) {
  rings.creator.signals = rings.other.signals = 0;
  (void)rings.Drain();
  return {rings.creator.signals, rings.other.signals};
}

using Signals = std::pair<int, int>;

}  // namespace

TEST_CASE("recorder readers: each drain signals exactly those that still have events to handle") {
  ReadRings rings;
  rings.RunAndRead();
  CHECK(SignalsOfDrain(rings) == Signals{0, 0});
  rings.Offer(rings.creator, 2);
  CHECK(SignalsOfDrain(rings) == Signals{1, 0});
  CHECK(SignalsOfDrain(rings) == Signals{1, 0});  // nothing new, but nothing handled either
  rings.Offer(rings.other, 1);
  CHECK(SignalsOfDrain(rings) == Signals{1, 1});
  CHECK(rings.creator.reader.Handle() == 2);
  CHECK(SignalsOfDrain(rings) == Signals{0, 1});
  rings.Offer(rings.other, 1);
  CHECK(rings.other.reader.Handle() == 2);  // before the drain
  CHECK(SignalsOfDrain(rings) == Signals{0, 0});
}

TEST_CASE("recorder readers: who does not read is not signalled") {
  ReadRings rings;
  rings.Run();
  rings.Offer(rings.creator, 1);
  rings.Offer(rings.other, 1);
  CHECK(SignalsOfDrain(rings) == Signals{0, 0});
  rings.creator.reader.Open();
  rings.Offer(rings.creator, 1);
  rings.Offer(rings.other, 1);
  CHECK(SignalsOfDrain(rings) == Signals{1, 0});
  rings.creator.reader.Close();
  CHECK(SignalsOfDrain(rings) == Signals{0, 0});
}

TEST_CASE("recorder readers: one that is retired is signalled once so that it notices") {
  ReadRings rings;
  rings.RunAndRead();
  rings.Offer(rings.creator, 1);
  (void)rings.Drain();
  rings.creator.signals = 0;
  rings.recorder.RetireHoldingReaders();
  CHECK(rings.creator.signals == 1);
  CHECK(rings.other.signals == 0);
  CHECK(SignalsOfDrain(rings) == Signals{0, 0});
  rings.recorder.RetireHoldingReaders();
  CHECK(rings.creator.signals == 0);
}

TEST_CASE("recorder readers: all that hold events are signalled when asked for without a drain") {
  ReadRings rings;
  rings.RunAndRead();
  rings.Offer(rings.other, 1);
  rings.recorder.SignalReaders();
  CHECK(rings.creator.signals == 0);
  CHECK(rings.other.signals == 1);
}

TEST_CASE("recorder readers: the creator's signal is for every ring of the creator alone") {
  ReadRings rings;
  ReadRings::Thread third;
  RingProducer second(ReadRings::kSize);
  RingReader reader(second);
  REQUIRE(rings.recorder.AttachRing(
      std::make_unique<EventRing>(second.memory(), ReadRings::kSize, &rings.creator)));
  rings.Attach(third);
  rings.Run();
  third.reader.Open();
  rings.Offer(third, 1);  // and nobody has asked to be told
  CHECK(SignalsOfDrain(rings) == Signals{0, 0});
  reader.Open();
  REQUIRE(second.Offer(rings.tick, {1}) == RingProducer::Offered::kAccepted);
  CHECK(SignalsOfDrain(rings) == Signals{1, 0});
  rings.recorder.DetachRings();  // before their memory goes
}

TEST_CASE("recorder readers: a signal that was asked for again takes the place of the first") {
  ReadRings rings;
  rings.RunAndRead();
  int again = 0;
  rings.recorder.NotifyReadersOf(&rings.other, [&] { ++again; });
  rings.Offer(rings.creator, 1);
  rings.Offer(rings.other, 1);
  CHECK(SignalsOfDrain(rings) == Signals{1, 0});
  CHECK(again == 1);
}

}  // namespace metrics_runtime::test
