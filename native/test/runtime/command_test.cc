#include "runtime/command.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <new>
#include <thread>

#include "support/gate.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

using Outcome = Command::Outcome;

constexpr uint64_t kLongNs = 20'000'000'000;

}  // namespace

TEST_CASE("command: runs once and says so to everyone who waits") {
  int runs = 0;
  Command command([&] { ++runs; });
  command.Run();
  command.Run();
  command.Refuse();
  CHECK(command.Wait(0) == Outcome::kRan);
  CHECK(command.Wait(0) == Outcome::kRan);
  CHECK(runs == 1);
}

TEST_CASE("command: work that throws is told and does not reach the thread that runs it") {
  Command command([] { throw std::bad_alloc(); });
  command.Run();
  CHECK(command.Wait(0) == Outcome::kThrew);
}

TEST_CASE("command: given up it never runs and is not refused either") {
  int runs = 0;
  int refusals = 0;
  Command command([&] { ++runs; }, [&] { ++refusals; });
  CHECK(command.Wait(1'000'000) == Outcome::kGivenUp);
  command.Run();
  command.Refuse();
  CHECK(runs == 0);
  CHECK(refusals == 0);
}

TEST_CASE("command: refused it never runs and the one who refuses says so once") {
  int runs = 0;
  int refusals = 0;
  Command command([&] { ++runs; }, [&] { ++refusals; });
  command.Refuse();
  command.Refuse();
  command.Run();
  CHECK(command.Wait(kLongNs) == Outcome::kRefused);
  CHECK(runs == 0);
  CHECK(refusals == 1);
}

TEST_CASE("command: needs nobody to be told of a refusal") {
  Command command([] {});
  command.Refuse();
  CHECK(command.Wait(0) == Outcome::kRefused);
}

TEST_CASE("command: a caller whose patience ends while it runs waits for its end") {
  Gate gate;
  std::atomic<bool> done{false};
  Command command([&] {
    gate.Pass();
    done = true;
  });
  std::thread loop([&] { command.Run(); });
  REQUIRE(gate.AwaitArrival());
  std::thread opener([&] {
    // Long enough for the wait below to pass its limit first; when it does not, nothing fails.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    gate.Open();
  });
  CHECK(command.Wait(1'000'000) == Outcome::kRan);
  CHECK(done);
  opener.join();
  loop.join();
}

TEST_CASE("command: is claimed by its caller or by the loop and never by both") {
  const uint64_t rounds = Rounds(5'000);
  uint64_t wrong = 0;
  uint64_t given_up = 0;
  for (uint64_t round = 0; round < rounds; ++round) {
    bool ran = false;
    const auto command = std::make_shared<Command>([&ran] { ran = true; });
    std::thread loop([command] { command->Run(); });
    // From at once to about as long as the thread takes to come to it.
    const Outcome outcome = command->Wait(round % 64 * 1'000);
    const bool ran_by_then = ran;
    loop.join();
    wrong += ran_by_then != (outcome == Outcome::kRan) || ran != ran_by_then;
    given_up += outcome == Outcome::kGivenUp;
  }
  CHECK(wrong == 0);
  CHECK(given_up > 0);
  CHECK(given_up < rounds);
}

}  // namespace metrics_runtime::test
