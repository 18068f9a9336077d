// Several who stop at once, where threads read their own events.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "support/held_starts.h"
#include "support/reading_threads.h"

namespace metrics_runtime::test {

namespace {

// Another recorder in the same runtime, which one thread feeds and reads.
struct Another {
  explicit Another(ReadByTwo& read)
      : recorder(read.running.Create("b").recorder), thread(read.running, recorder) {}

  Runtime::RecorderPtr recorder;
  ReadingThread thread;
};

}  // namespace

TEST_CASE("runtime readers: two stops that wait at once have each its own limit") {
  ReadByTwo read;
  Another another(read);
  read.one.Offer(3);
  another.thread.Offer(2);
  const Watch watch;
  const auto one = read.runtime.BeginStop(read.recorder).operation;
  const auto other = read.runtime.BeginStop(another.recorder).operation;
  CHECK(Ends(one));
  CHECK(Ends(other));
  CHECK(watch.IsOneLimit());
  read.CheckCounts(3, 3);
  CHECK(another.recorder->ReadStats().undelivered == 2);
}

TEST_CASE("runtime readers: of two stops that wait the one whose readers are ready ends first") {
  ReadByTwo read;
  Another another(read);
  read.one.Offer(3);
  another.thread.Offer(2);
  const Watch watch;
  const auto one = read.AwaitedStop();
  const auto other = read.runtime.BeginStop(another.recorder).operation;
  read.runtime.Flush();
  CHECK(another.thread.Handle() == 2);
  CHECK(Ends(other));
  CHECK(watch.IsPrompt());
  CHECK_FALSE(one->Wait(0));
  CHECK(read.one.Handle() == 3);
  CHECK(Ends(one));
  CHECK(watch.IsPrompt());
  CHECK(another.recorder->ReadStats().undelivered == 0);
}

TEST_CASE("runtime readers: two threads that stop one recorder both have it stopped") {
  ReadByTwo read;
  read.one.Offer(3);
  Status first;
  Status second;
  std::thread stopping([&] { first = read.runtime.StopRecorder("a"); });
  std::thread too([&] { second = read.runtime.StopRecorder("a"); });
  CHECK(Eventually([&] { return !read.one.open(); }));
  CHECK(read.one.Handle() == 3);
  stopping.join();
  too.join();
  CHECK_FALSE(first.has_value());
  CHECK_FALSE(second.has_value());
  CHECK(read.recorder->state() == RecorderState::kStopped);
  read.CheckCounts(3, 0);
}

TEST_CASE("runtime readers: who stops and removes waits for readers and then lets go") {
  for (const bool handles : {true, false}) {
    CAPTURE(handles);
    ReadByTwo read;
    read.one.Offer(3);
    Runtime::Removal removal;
    const Watch watch;
    std::thread removing([&] { removal = read.runtime.StopAndRemoveRecorder("a"); });
    if (handles) {
      CHECK(Eventually([&] { return !read.one.open(); }));
      CHECK(read.one.Handle() == 3);
    }
    removing.join();
    CHECK((handles ? watch.IsPrompt() : watch.IsOneLimit()));
    CHECK_FALSE(removal.failure.has_value());
    CHECK(removal.let_go);
    CHECK(read.one.reader->retired());
    read.CheckCounts(3, handles ? 0 : 3);
  }
}

TEST_SUITE("slow") {
  TEST_CASE(
      "runtime readers: a stop that comes too late for its recorder's removal ends all the same") {
    ReadByTwo read;
    read.one.Offer(3);
    BusyLoop busy(read.runtime);
    const auto stop = read.runtime.BeginStop(read.recorder).operation;
    // The loop is busy for as long as this waits; then the removal is left to the loop.
    CHECK_FALSE(read.runtime.StopAndRemoveRecorder("a").let_go);
    std::thread ending([&] { (void)read.runtime.Shutdown(); });
    CHECK(Eventually([&] { return read.runtime.state() == RuntimeState::kStopping; }));
    // That it has posted its command nobody tells.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    busy.Release();
    ending.join();
    REQUIRE(stop->Wait(0));
    CHECK_FALSE(stop->failure().has_value());
    read.CheckCounts(3, 3);
  }
}

}  // namespace metrics_runtime::test
