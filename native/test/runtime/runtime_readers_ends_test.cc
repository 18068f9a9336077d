// Ends of runtimes whose threads read their own events.
#include <doctest/doctest.h>

#include <list>
#include <string>
#include <thread>

#include "support/held_starts.h"
#include "support/reading_threads.h"

namespace metrics_runtime::test {

TEST_CASE("runtime readers: a shutdown with everything handled waits for nothing") {
  ReadByTwo read;
  read.one.Offer(3);
  CHECK(read.one.Handle() == 3);
  const Watch watch;
  CHECK_FALSE(read.runtime.Shutdown().has_value());
  CHECK(watch.IsPrompt());
  read.CheckCounts(3, 0);
}

TEST_CASE("runtime readers: a shutdown waits for those that hold events until they are handled") {
  ReadByTwo read;
  read.one.Offer(3);
  read.two.Offer(2);
  Status status;
  const Watch watch;
  std::thread ending([&] { status = read.runtime.Shutdown(); });
  CHECK(Eventually([&] { return !read.one.open(); }));
  CHECK(Eventually([&] { return *read.one.signals > 0 && *read.two.signals > 0; }));
  CHECK(read.one.Handle() == 3);
  CHECK(read.two.Handle() == 2);
  ending.join();
  CHECK(watch.IsPrompt());
  CHECK_FALSE(status.has_value());
  read.CheckCounts(5, 0);
}

TEST_CASE("runtime readers: a shutdown waits for all recorders together for one limit at most") {
  RunningRuntime running;
  std::vector<Runtime::RecorderPtr> recorders;
  std::list<ReadingThread> threads;
  for (const char* id : {"a", "b", "c", "d"}) {
    recorders.push_back(running.Create(id).recorder);
    threads.emplace_back(running, recorders.back()).Offer(2);
  }
  const Watch watch;
  CHECK_FALSE(running.runtime->Shutdown().has_value());
  CHECK(watch.IsOneLimit());
  for (const auto& recorder : recorders) {
    CHECK(recorder->state() == RecorderState::kStopped);
    CHECK(recorder->ReadStats().undelivered == 2);
    CHECK(recorder->ReadStats().pending == 0);
  }
}

TEST_CASE("runtime readers: a shutdown does not wait for a recorder that has failed") {
  ReadByTwo read;
  read.one.Offer(3);
  read.two.producer().SetWordAt(RingLayout::kTailOffset, 0x1234'5678);
  read.runtime.Flush();
  REQUIRE(read.recorder->state() == RecorderState::kFailure);
  const Watch watch;
  CHECK(Has(read.runtime.Shutdown(), Failure::Kind::kShutdown));
  CHECK(watch.IsPrompt());
}

TEST_CASE("runtime readers: the end of the environment waits for nobody") {
  ReadByTwo read;
  read.one.Offer(3);
  REQUIRE(read.one.reader->Take());
  const Watch watch;
  read.runtime.EndWithEnvironment();
  CHECK(watch.IsPrompt());
  CHECK(read.one.reader->retired());
  read.CheckCounts(3, 2);
  CHECK(read.recorder->state() == RecorderState::kStopped);
}

TEST_CASE("runtime readers: the end of the environment ends the wait of a shutdown by another") {
  ReadByTwo read;
  read.one.Offer(3);
  const Watch watch;
  Status status;
  std::thread ending([&] { status = read.runtime.Shutdown(); });
  CHECK(Eventually([&] { return *read.one.signals > 0 && !read.one.open(); }));
  read.runtime.EndWithEnvironment();
  CHECK(watch.IsPrompt());
  ending.join();
  CHECK_FALSE(status.has_value());
  read.CheckCounts(3, 3);
}

TEST_CASE("runtime readers: an end that comes while a stop waits ends both") {
  for (const End& end : kEnds) {
    ReadByTwo read;
    read.one.Offer(3);
    const auto stop = read.AwaitedStop();
    end(read.runtime);
    REQUIRE(stop->Wait(0));
    CHECK_FALSE(stop->failure().has_value());
    CHECK(read.recorder->state() == RecorderState::kStopped);
    read.CheckCounts(3, 3);
  }
}

TEST_CASE("runtime readers: a shutdown while a stop waits ends with it when all is handled") {
  ReadByTwo read;
  read.one.Offer(3);
  const Watch watch;
  const auto stop = read.AwaitedStop();
  Status status;
  std::thread ending([&] { status = read.runtime.Shutdown(); });
  CHECK(Eventually([&] { return read.runtime.state() != RuntimeState::kRunning; }));
  CHECK(read.one.Handle() == 3);
  ending.join();
  CHECK(Ends(stop));
  CHECK(watch.IsPrompt());
  CHECK_FALSE(status.has_value());
  read.CheckCounts(3, 0);
}

TEST_CASE("runtime readers: a thread may end while a shutdown waits for it") {
  ReadByTwo read;
  read.one.Offer(3);
  Status status;
  std::thread ending([&] { status = read.runtime.Shutdown(); });
  CHECK(Eventually([&] { return *read.one.signals > 0 && !read.one.open(); }));
  read.one.End();
  ending.join();
  CHECK_FALSE(status.has_value());
  read.CheckCounts(3, 3);
}

}  // namespace metrics_runtime::test
