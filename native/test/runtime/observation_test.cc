#include "runtime/observation.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "support/eventually.h"
#include "support/running_runtime.h"

namespace metrics_runtime::test {

namespace {

using Threads = std::vector<const void*>;

constexpr std::chrono::nanoseconds kLimit{Observation::kLimitNs};

template <typename Call>
std::chrono::nanoseconds TimeOf(Call&& call) {
  const auto begin = std::chrono::steady_clock::now();
  call();
  return std::chrono::steady_clock::now() - begin;
}

}  // namespace

TEST_CASE("observation: who does not come is left out when the limit has passed") {
  Observers observers;
  const int looks = 1;
  const int late = 2;
  observers.Add(&looks, [] {});
  observers.Add(&late, [] {});
  const auto took = TimeOf([&] {
    const Observation observation(observers, &looks);
    CHECK(observation.left_out() == Threads{&late});
  });
  CHECK(took >= kLimit);
  CHECK(observers.failures() == 1);
}

TEST_CASE("observation: the end of one that is waited for ends the wait") {
  Observers observers;
  const int looks = 1;
  const int ends = 2;
  std::atomic<bool> asked{false};
  observers.Add(&ends, [&] { asked = true; });
  std::thread other([&] {
    CHECK(Soon([&] { return asked.load(); }));
    observers.Remove(&ends);
  });
  // The limit is longer than any thread should take to be woken; a busy machine may need a few.
  const Observation observation(observers, &looks);
  other.join();
  CHECK(observation.left_out().empty());
}

TEST_CASE("observation: is inside until it is over") {
  Observers observers;
  const int looks = 1;
  int asked = 0;
  observers.Add(&looks, [&] { ++asked; });
  {
    const Observation observation(observers, &looks);
    const auto round = observers.Request([] {});
    CHECK_FALSE(observers.Pending(round));
    (void)observers.LeaveOut(round);
  }
  CHECK(asked == 0);
  const auto round = observers.Request([] {});
  CHECK(asked == 1);
  (void)observers.LeaveOut(round);
}

TEST_CASE("observation: a recorder that has stopped or gone asks nobody") {
  RunningRuntime running;
  const FedRecorder fed = running.Create("a");
  Runtime& runtime = *running.runtime;
  const int late = 1;
  int asked = 0;
  fed.recorder->observers().Add(&late, [&] { ++asked; });
  CHECK(Succeeded(runtime.ObservedSnapshots(fed.recorder, nullptr)));
  CHECK(asked == 1);
  CHECK(fed.recorder->ReadStats().observations_failed == 1);
  REQUIRE_FALSE(runtime.StopRecorder("a").has_value());
  CHECK(Succeeded(runtime.ObservedSnapshots(fed.recorder, nullptr)));
  CHECK(asked == 1);
  REQUIRE_FALSE(runtime.Shutdown().has_value());
  CHECK(asked == 2);  // so that it lets go of what it has for this recorder
  CHECK(Succeeded(runtime.ObservedSnapshots(fed.recorder, nullptr)));
  CHECK(asked == 2);
  CHECK(fed.recorder->ReadStats().observations_failed == 1);
}

TEST_SUITE("stress") {
  TEST_CASE("observation: threads that look answer and end all at once lose no wake-up") {
    constexpr int kThreads = 4;
    constexpr std::chrono::milliseconds kDuration{500};
    Observers observers;
    std::atomic<int> looked{0};
    std::atomic<int> waited{0};
    std::vector<std::thread> threads;
    const auto end = std::chrono::steady_clock::now() + kDuration;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        std::atomic<bool> asked{false};
        const void* const self = &asked;
        for (int n = 0; std::chrono::steady_clock::now() < end; ++n) {
          observers.Add(self, [&asked] { asked = true; });
          std::this_thread::yield();  // so that others find it outside, and have to wait
          if (asked.exchange(false)) {
            ++waited;
            observers.Answer(self, observers.Asked(self));
          }
          if (n % 3 == 0) {
            const Observation observation(observers, self);
            ++looked;
          }
          if (n % 7 == 0) observers.Remove(self);
        }
        observers.Remove(self);
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(waited > 0);
    // A wake-up that is lost costs the whole limit: so many looks there would not be otherwise.
    CHECK(looked > 4 * kThreads * (kDuration / kLimit));
    CHECK(observers.LeaveOut(observers.Request([] {})).empty());
  }
}

}  // namespace metrics_runtime::test
