#include "runtime/loop_thread.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "runtime/current_thread.h"
#include "support/eventually.h"
#include "support/gate.h"
#include "support/open_file_limit.h"
#include "support/process.h"

namespace metrics_runtime::test {

namespace {

using Outcome = Command::Outcome;
using CommandPtr = std::shared_ptr<Command>;

constexpr uint64_t kLongNs = 20'000'000'000;

// What the thread serves and owns.
struct Served final : LoopThread::Delegate {
  uint64_t Drain() noexcept override {
    ++drains;
    if (on_drain) return on_drain();
    return 0;
  }

  std::function<uint64_t()> on_drain;  // set before the start
  std::atomic<uint64_t> drains{0};
  LoopThread loop{*this};
};

CommandPtr MakeCommand(std::function<void()> work, std::function<void()> refused = nullptr) {
  return std::make_shared<Command>(std::move(work), std::move(refused));
}

struct RunningLoop {
  explicit RunningLoop(std::function<uint64_t()> on_drain = nullptr) {
    served->on_drain = std::move(on_drain);
    REQUIRE_FALSE(loop.Start("test", kLongNs, served).has_value());
  }
  ~RunningLoop() { CHECK(Quit()); }
  RunningLoop(const RunningLoop&) = delete;
  RunningLoop& operator=(const RunningLoop&) = delete;

  CommandPtr Post(std::function<void()> work) {
    const CommandPtr command = MakeCommand(std::move(work));
    (void)loop.Post(command);
    return command;
  }
  Outcome Run(std::function<void()> work) { return Post(std::move(work))->Wait(kLongNs); }
  bool Quit() {
    (void)Run([this] { loop.Quit(); });
    return loop.Join(kLongNs);
  }

  std::shared_ptr<Served> served = std::make_shared<Served>();
  LoopThread& loop = served->loop;
};

}  // namespace

TEST_CASE("loop thread: runs commands in order on a thread of its own") {
  RunningLoop running;
  std::vector<int> order;
  uint64_t thread_id = 0;
  CommandPtr last;
  for (int i = 0; i < 100; ++i) {
    last = running.Post([&, i] {
      order.push_back(i);
      thread_id = CurrentThreadId();
    });
  }
  REQUIRE(last->Wait(kLongNs) == Outcome::kRan);
  CHECK(order.size() == 100);
  CHECK(std::ranges::is_sorted(order));
  CHECK(thread_id != CurrentThreadId());
  CHECK(thread_id == running.loop.counters().thread_id);
}

#if defined(__linux__)
TEST_CASE("loop thread: has the name it was given") {
  RunningLoop running;
  std::ifstream file("/proc/self/task/" + std::to_string(running.loop.counters().thread_id) +
                     "/comm");
  std::string name;
  std::getline(file, name);
  CHECK(name == "test");
}
#endif

TEST_CASE("loop thread: drains what was published before a command before it runs that command") {
  std::atomic<uint64_t> published{0};
  uint64_t drained = 0;  // the runtime thread's
  RunningLoop running([&]() -> uint64_t {
    drained = published;
    return 0;
  });
  for (uint64_t i = 1; i <= 1'000; ++i) {
    published = i;
    uint64_t drained_by_then = 0;
    REQUIRE(running.Run([&] { drained_by_then = drained; }) == Outcome::kRan);
    REQUIRE(drained_by_then == i);
  }
}

TEST_CASE("loop thread: a command that comes during a drain waits for the next") {
  bool published = false;
  bool drained = false;
  bool drained_before_command = false;
  CommandPtr command;
  std::shared_ptr<Served> served = std::make_shared<Served>();
  served->on_drain = [&]() -> uint64_t {
    drained = published;
    if (command == nullptr) {
      // Behind the back of this drain.
      published = true;
      command = MakeCommand([&] { drained_before_command = drained; });
      (void)served->loop.Post(command);
    }
    return 0;
  };
  REQUIRE_FALSE(served->loop.Start("test", kLongNs, served).has_value());
  served->loop.Wake();
  const CommandPtr quit = MakeCommand([&] { served->loop.Quit(); });
  REQUIRE(Eventually([&] { return served->drains >= 2; }));
  (void)served->loop.Post(quit);
  REQUIRE(quit->Wait(kLongNs) == Outcome::kRan);
  REQUIRE(served->loop.Join(kLongNs));
  CHECK(command->Wait(0) == Outcome::kRan);
  CHECK(drained_before_command);
  served->on_drain = nullptr;
}

TEST_CASE("loop thread: many wakes while it is busy make one turn") {
  RunningLoop running;
  Gate gate;
  const CommandPtr busy = running.Post([&] { gate.Pass(); });
  REQUIRE(gate.AwaitArrival());
  const uint64_t before = running.loop.counters().wake_ups;
  for (int i = 0; i < 1'000; ++i) running.loop.Wake();
  gate.Open();
  REQUIRE(busy->Wait(kLongNs) == Outcome::kRan);
  REQUIRE(running.Run([] {}) == Outcome::kRan);
  CHECK(running.loop.counters().wake_ups - before <= 2);
}

TEST_CASE("loop thread: drains without being asked and ever more seldom while nothing comes") {
  std::atomic<bool> busy{false};
  RunningLoop running([&]() -> uint64_t { return busy ? 1 : 0; });
  const auto turns = [&] { return running.loop.counters().turns.load(); };
  const auto turns_in_a_second = [&] {
    const uint64_t before = turns();
    // The passing of time is what is tested. A slow machine turns less often, never more.
    std::this_thread::sleep_for(std::chrono::seconds(1));
    return turns() - before;
  };
  CHECK(turns_in_a_second() <= 6);  // 50, 100, 200, 400 ms
  REQUIRE(Eventually([&] { return turns() >= 4; }));
  busy = true;
  const uint64_t before = turns();
  REQUIRE(Eventually([&] { return turns() >= before + 10; }));
  CHECK(running.loop.counters().events >= 10);
}

TEST_CASE("loop thread: refuses the commands that wait when it quits") {
  RunningLoop running;
  int refusals = 0;
  bool ran = false;
  const CommandPtr late = MakeCommand([&] { ran = true; }, [&] { ++refusals; });
  REQUIRE(running.Run([&] {
    CHECK(running.loop.Post(late));
    running.loop.Quit();
  }) == Outcome::kRan);
  CHECK(late->Wait(kLongNs) == Outcome::kRefused);
  CHECK_FALSE(ran);
  CHECK(refusals == 1);
}

TEST_CASE("loop thread: refuses the commands behind the one that quits in the same turn") {
  RunningLoop running;
  Gate gate;
  const CommandPtr busy = running.Post([&] { gate.Pass(); });
  REQUIRE(gate.AwaitArrival());
  const CommandPtr quit = running.Post([&] { running.loop.Quit(); });
  bool ran = false;
  const CommandPtr behind = running.Post([&] { ran = true; });
  gate.Open();
  CHECK(quit->Wait(kLongNs) == Outcome::kRan);
  CHECK(behind->Wait(kLongNs) == Outcome::kRefused);
  CHECK_FALSE(ran);
}

TEST_CASE("loop thread: refuses a command and ignores a wake after its end and before its start") {
  const auto never_started = std::make_shared<Served>();
  RunningLoop over;
  REQUIRE(over.Quit());
  for (LoopThread* const loop : {&never_started->loop, &over.loop}) {
    const CommandPtr command = MakeCommand([] {});
    CHECK_FALSE(loop->Post(command));
    CHECK(command->Wait(kLongNs) == Outcome::kRefused);
    loop->Wake();
    CHECK(loop->ended());
    CHECK(loop->Join(0));
    CHECK(loop->counters().thread_id == 0);
  }
}

TEST_CASE("loop thread: quitting twice is quitting once") {
  RunningLoop running;
  CHECK(running.Run([&] {
    running.loop.Quit();
    running.loop.Quit();
  }) == Outcome::kRan);
  CHECK(running.loop.Join(kLongNs));
  CHECK(running.loop.ended());
}

TEST_CASE("loop thread: left running past the limit of the join it ends by itself") {
  Gate gate;
  std::weak_ptr<Served> watched;
  {
    const auto served = std::make_shared<Served>();
    watched = served;
    REQUIRE_FALSE(served->loop.Start("test", kLongNs, served).has_value());
    (void)served->loop.Post(MakeCommand([&gate, loop = &served->loop] {
      loop->Quit();
      gate.Pass();
    }));
    REQUIRE(gate.AwaitArrival());
    CHECK_FALSE(served->loop.Join(1'000'000));
    CHECK_FALSE(served->loop.ended());
    CHECK_FALSE(served->loop.Join(1'000'000));  // nothing is left to join
  }
  CHECK_FALSE(watched.expired());
  gate.Open();
  CHECK(Eventually([&] { return watched.expired(); }));
}

TEST_CASE("loop thread: one that comes after the limit of the start frees what it owns and ends") {
  { const RunningLoop first; }  // libuv opens two files for the whole process
  const size_t threads = ThreadCount();
  const size_t files = OpenFileCount();
  for (int i = 0; i < 20; ++i) {
    auto served = std::make_shared<Served>();
    const auto failure = served->loop.Start("late", 0, served);
    REQUIRE(failure.has_value());
    CHECK(failure->uv_error == 0);
    const CommandPtr command = MakeCommand([] {});
    CHECK_FALSE(served->loop.Post(command));
    const std::weak_ptr<Served> watched = served;
    served.reset();
    REQUIRE(Eventually([&] { return watched.expired(); }));
  }
  CHECK(Eventually([&] { return ThreadCount() <= threads; }));
  CHECK(OpenFileCount() == files);
}

TEST_CASE("loop thread: says which system call was refused and leaves no thread behind") {
  { const RunningLoop first; }  // ThreadSanitizer adds a thread of its own
  const size_t threads = ThreadCount();
  const auto served = std::make_shared<Served>();
  {
    const OpenFileLimit none;
    const auto failure = served->loop.Start("refused", kLongNs, served);
    REQUIRE(failure.has_value());
    CHECK(failure->uv_error == UV_EMFILE);
    CHECK(failure->syscall == std::string("uv_loop_init"));
  }
  CHECK(served->loop.ended());
  CHECK(served.use_count() == 1);
  CHECK(Eventually([&] { return ThreadCount() <= threads; }));
}

TEST_CASE("loop thread: holds its owner as long as it runs and no longer") {
  auto served = std::make_shared<Served>();
  REQUIRE_FALSE(served->loop.Start("test", kLongNs, served).has_value());
  const std::weak_ptr<Served> watched = served;
  served.reset();
  const auto again = watched.lock();
  REQUIRE(again != nullptr);
  const CommandPtr quit = MakeCommand([&] { again->loop.Quit(); });
  REQUIRE(again->loop.Post(quit));
  REQUIRE(again->loop.Join(kLongNs));
  CHECK(again.use_count() == 1);
}

}  // namespace metrics_runtime::test
