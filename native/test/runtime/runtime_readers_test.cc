// Stops of recorders whose threads read their own events: the stop waits for them, the loop does
// not.
#include <doctest/doctest.h>

#include "support/reading_threads.h"

namespace metrics_runtime::test {

namespace {

using Kind = Failure::Kind;

}  // namespace

TEST_CASE("runtime readers: a stop with everything handled ends at once") {
  ReadByTwo read;
  read.one.Offer(3);
  CHECK(read.one.Handle() == 3);
  const Watch watch;
  CHECK(Ends(read.runtime.BeginStop(read.recorder).operation));
  CHECK(watch.IsPrompt());
  CHECK_FALSE(read.one.reader->retired());
  CHECK_FALSE(read.two.reader->retired());
  read.CheckCounts(3, 0);
}

TEST_CASE("runtime readers: a stop waits for one that holds events and ends when it handles them") {
  ReadByTwo read;
  const Watch watch;
  read.one.Offer(3);
  read.two.Offer(2);
  const auto stop = read.AwaitedStop();
  CHECK_FALSE(read.one.open());
  CHECK(*read.one.signals > 0);
  CHECK(read.one.Handle() == 3);
  read.runtime.Flush();
  CHECK_FALSE(stop->Wait(0));
  CHECK(read.two.Handle() == 2);
  CHECK(Ends(stop));
  CHECK(watch.IsPrompt());
  CHECK(read.recorder->state() == RecorderState::kStopped);
  CHECK_FALSE(read.one.reader->retired());
  read.CheckCounts(5, 0);
}

TEST_CASE(
    "runtime readers: a stop ends soon also when who has handled all does not wake the loop") {
  ReadByTwo read;
  const Watch watch;
  read.one.Offer(3);
  const auto stop = read.AwaitedStop();
  CHECK(read.one.reader->Handle() == 3);
  CHECK(Ends(stop));
  CHECK(watch.IsPrompt());
  read.CheckCounts(3, 0);
}

TEST_CASE(
    "runtime readers: while a stop waits they are signalled again and the loop serves others") {
  ReadByTwo read;
  read.one.Offer(3);
  const auto stop = read.AwaitedStop();
  const Watch watch;
  CHECK(read.running.Snapshots(read.recorder) == "{\"m\": {\"total\": 3}}");
  CHECK(read.recorder->ReadStats().pending == 3);
  const FedRecorder other = read.running.Create("b");
  CHECK_FALSE(read.runtime.StopRecorder("b").has_value());
  const int signals = *read.one.signals;
  CHECK(Eventually([&] { return *read.one.signals >= signals + 2; }));
  CHECK(*read.two.signals == 0);
  CHECK(watch.IsPrompt());
  CHECK_FALSE(stop->Wait(0));
  CHECK(read.one.Handle() == 3);
  CHECK(Ends(stop));
}

TEST_CASE("runtime readers: after its limit a stop retires those that hold events and succeeds") {
  ReadByTwo read;
  read.one.Offer(5);
  read.two.Offer(2);
  CHECK(read.two.Handle() == 2);
  CHECK(read.one.reader->Handle(1) == 1);
  REQUIRE(read.one.reader->Take());  // it is in the midst of one
  const Watch watch;
  CHECK(Ends(read.runtime.BeginStop(read.recorder).operation));
  CHECK(watch.IsOneLimit());
  // The loop has looked at the shortest interval, not less and less often.
  CHECK(*read.one.signals >= 10);
  CHECK(read.recorder->state() == RecorderState::kStopped);
  CHECK(read.one.reader->retired());
  CHECK_FALSE(read.one.reader->Take());
  CHECK_FALSE(read.two.reader->retired());
  read.CheckCounts(7, 3);
  const int signals = *read.one.signals;

  // And the next start is as any other.
  CHECK(Ends(read.runtime.BeginStart(read.recorder).operation));
  read.one.reader->Close();
  read.one.reader->Open();
  read.one.Offer(2);
  read.two.Offer(1);
  read.runtime.Flush();
  CHECK(*read.one.signals > signals);
  CHECK(read.one.Handle() == 2);
  CHECK(read.two.Handle() == 1);
  const Watch second;
  CHECK_FALSE(read.runtime.StopRecorder("a").has_value());
  CHECK(second.IsPrompt());
  read.CheckCounts(10, 3);
}

TEST_CASE("runtime readers: the end of the thread that a stop waits for lets it end soon") {
  ReadByTwo read;
  read.one.Offer(3);
  read.two.Offer(2);
  const auto stop = read.AwaitedStop();
  CHECK(read.two.Handle() == 2);
  const Watch watch;
  read.one.End();
  CHECK(Ends(stop));
  CHECK(watch.IsPrompt());
  CHECK(read.recorder->state() == RecorderState::kStopped);
  read.CheckCounts(5, 3);
}

TEST_CASE("runtime readers: a stop whose recorder fails while it waits fails soon") {
  ReadByTwo read;
  read.one.Offer(3);
  const auto stop = read.AwaitedStop();
  const Watch watch;
  read.two.producer().SetWordAt(RingLayout::kTailOffset, 0x1234'5678);
  REQUIRE(stop->Wait(kPatienceNs));
  CHECK(watch.IsPrompt());
  CHECK(Has(stop->failure(), Kind::kRecorderFault));
  CHECK(read.recorder->state() == RecorderState::kFailure);
}

}  // namespace metrics_runtime::test
