// A runtime whose thread does not come to its commands: the limits of every call, and what becomes
// of the calls that were given up. A signal handler on that thread holds it up; the loop itself
// runs nothing that could.
#include <doctest/doctest.h>

#if defined(__linux__)

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>

#include "support/running_runtime.h"

namespace metrics_runtime::test {

namespace {

using Kind = Failure::Kind;

std::atomic<bool> stuck{false};
std::atomic<bool> holding{false};

// What a signal handler may call, and no more.
void HoldUp(int) {
  holding = true;
  const timespec pause{.tv_sec = 0, .tv_nsec = 1'000'000};
  while (stuck) nanosleep(&pause, nullptr);
  holding = false;
}

class StuckLoop {
 public:
  explicit StuckLoop(const Runtime& runtime) {
    struct sigaction action {};
    action.sa_handler = &HoldUp;
    sigaction(SIGUSR2, &action, &before_);
    stuck = true;
    const auto thread = static_cast<pid_t>(runtime.stats().thread_id);
    // Asleep in its poll it holds no lock that the calls under test would wait for.
    REQUIRE(Eventually([thread] { return Sleeps(thread); }));
    REQUIRE(syscall(SYS_tgkill, getpid(), thread, SIGUSR2) == 0);
    REQUIRE(Eventually([] { return holding.load(); }));
  }
  ~StuckLoop() {
    Release();
    sigaction(SIGUSR2, &before_, nullptr);
  }
  StuckLoop(const StuckLoop&) = delete;
  StuckLoop& operator=(const StuckLoop&) = delete;

  void Release() {
    stuck = false;
    CHECK(Eventually([] { return !holding; }));
  }

 private:
  static bool Sleeps(pid_t thread) {
    std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/stat");
    std::string number;
    std::string name;  // "(test)"
    std::string state;
    file >> number >> name >> state;
    return state == "S";
  }

  struct sigaction before_ {};
};

bool GaveUpInTime(const Failure& failure) {
  return failure.kind == Kind::kLoopUnavailable && failure.waited_ms >= 5'000 &&
         failure.waited_ms < 8'000;
}

}  // namespace

TEST_SUITE("slow") {
  TEST_CASE("runtime: calls that the loop does not take end after 5 s and never run") {
    RunningRuntime running;
    Runtime& runtime = *running.runtime;
    FedRecorder stays = running.Create("stays");
    FedRecorder leaves = running.Create("leaves");
    REQUIRE_FALSE(runtime.RegisterMetric(stays.recorder, running.Ticks("m")).has_value());
    REQUIRE(stays.Offer(running.tick));
    {
      StuckLoop stuck_loop(runtime);
      // All at once, so that the test takes 10 s and not 25.
      RingProducer unused(4);
      std::thread create([&] {
        const auto created = CreateIn(runtime, "new", 4, unused.memory());
        CHECK(GaveUpInTime(std::get<Failure>(created)));
      });
      std::thread snapshots(
          [&] { CHECK(GaveUpInTime(std::get<Failure>(runtime.Snapshots(stays.recorder)))); });
      Runtime::Removal removal;
      std::thread remove([&] { removal = runtime.StopAndRemoveRecorder("leaves"); });

      const auto stop = runtime.BeginStop(stays.recorder).operation;
      CHECK_FALSE(stop->Wait(0));
      CHECK(runtime.BeginStop(stays.recorder).operation == stop);  // attached
      CHECK_FALSE(stays.Offer(running.tick));                      // refused at once

      create.join();
      snapshots.join();
      const Status shutdown = runtime.Shutdown();
      REQUIRE(Has(shutdown, Kind::kShutdown));
      CHECK(shutdown->waited_ms >= 5'000);
      CHECK(runtime.state() == RuntimeState::kFailure);
      CHECK_FALSE(runtime.let_go());
      remove.join();
      CHECK(removal.recorder == leaves.recorder);
      CHECK_FALSE(removal.let_go);
      CHECK(Has(removal.failure, Kind::kLoopUnavailable));

      stuck_loop.Release();
      CHECK(Ends(stop));
      CHECK_FALSE(unused.open());  // the creation that was given up has not happened
    }
    // Come back to life the loop does what was asked of it last: it ends.
    CHECK(Eventually([&] { return runtime.let_go(); }));
    CHECK(running.Snapshots(stays.recorder) == "{\"m\": {\"total\": 1}}");
    for (FedRecorder* const fed : {&stays, &leaves}) {
      running.Free(*fed);
      CHECK(fed->recorder->state() == RecorderState::kStopped);
      CHECK(fed->recorder->ReadStats().pending == 0);
    }
  }
}

TEST_CASE("runtime: the end of its environment waits until a stuck loop has let go") {
  RunningRuntime running;
  FedRecorder fed = running.Create("a");
  REQUIRE(fed.Offer(running.tick));
  StuckLoop stuck_loop(*running.runtime);
  std::atomic<bool> ended{false};
  std::thread environment([&] {
    running.runtime->EndWithEnvironment();
    ended = true;
  });
  CHECK(Eventually([&] { return running.runtime->state() == RuntimeState::kStopping; }));
  // Only time can show that it does not return.
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK_FALSE(ended);
  stuck_loop.Release();
  environment.join();
  CHECK(running.runtime->let_go());
  running.Free(fed);
  CHECK(fed.recorder->ReadStats().dispatched == 1);
}

}  // namespace metrics_runtime::test

#endif
