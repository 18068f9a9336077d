// Starts in two steps of recorders whose threads read their own events: until it is certain, what
// such a start has accepted is not theirs.
#include <doctest/doctest.h>

#include <thread>

#include "support/held_starts.h"
#include "support/reading_threads.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

TEST_CASE("runtime readers: what is accepted in a held start is withheld until that is finished") {
  ReadByTwo read;
  RingReader& reader = *read.one.reader;
  const uint64_t rounds = Rounds(200);
  uint64_t early = 0;
  for (uint64_t round = 0; round < rounds; ++round) {
    REQUIRE_FALSE(read.runtime.StopRecorder("a").has_value());
    const Runtime::HeldStart steps = read.runtime.HoldStart(read.recorder);
    // A thread that would take an event the moment that there may be one.
    std::thread eager([&] {
      early += !Soon([&] { return read.one.open(); });
      early += !reader.withheld();
    });
    const auto beginning = read.runtime.BeginHeldStart(read.recorder, steps);
    eager.join();
    REQUIRE(beginning.begun);
    read.one.Offer(2);
    read.runtime.Flush();
    CHECK(reader.withheld());
    read.runtime.FinishHeldStart(steps);
    CHECK(Ends(beginning.operation));
    CHECK_FALSE(reader.withheld());
    CHECK(read.one.Handle() == 2);
  }
  CHECK(early == 0);
  CHECK_FALSE(reader.retired());
  read.CheckCounts(2 * rounds, 0);
}

TEST_CASE("runtime readers: what is accepted in a held creation is withheld too") {
  RunningRuntime running;
  HeldCreation held(running);
  RingReader reader(*held.producer);
  CHECK(reader.withheld());
  REQUIRE_FALSE(held.Finish().has_value());
  CHECK_FALSE(reader.withheld());
  CHECK(running.runtime->StopAndRemoveRecorder("new").let_go);  // before its memory goes
}

TEST_CASE("runtime readers: an abandoned start retires at once and drops what it had accepted") {
  ReadByTwo read;
  REQUIRE_FALSE(read.runtime.StopRecorder("a").has_value());
  const Runtime::HeldStart steps = read.runtime.HoldStart(read.recorder);
  REQUIRE(read.runtime.BeginHeldStart(read.recorder, steps).begun);
  read.one.Offer(2);
  read.runtime.Flush();
  const Watch watch;
  read.runtime.AbandonHeldStart(read.recorder, steps, "the reason");
  CHECK(watch.IsPrompt());
  CHECK(read.one.reader->retired());
  read.CheckCounts(0, 0);
  CHECK(read.recorder->ReadStats().dropped == 2);
}

TEST_CASE("runtime readers: a shutdown amid a held start has what that accepted delivered") {
  ReadByTwo read;
  REQUIRE_FALSE(read.runtime.StopRecorder("a").has_value());
  const Runtime::HeldStart steps = read.runtime.HoldStart(read.recorder);
  const auto beginning = read.runtime.BeginHeldStart(read.recorder, steps);
  REQUIRE(beginning.begun);
  read.one.Offer(2);
  const Watch watch;
  Status status;
  std::thread ending([&] { status = read.runtime.Shutdown(); });
  // Declared metrics count these events, for nothing can take that start back any more.
  CHECK(Eventually([&] { return !read.one.reader->withheld(); }, std::chrono::seconds(3)));
  CHECK(read.one.Handle() == 2);
  ending.join();
  CHECK(watch.IsPrompt());
  CHECK_FALSE(status.has_value());
  read.CheckCounts(2, 0);
}

}  // namespace metrics_runtime::test
