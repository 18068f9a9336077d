// Threads that read their own events amid stops, starts and ends of their recorder, their runtime
// and themselves.
#include <doctest/doctest.h>

#include <atomic>
#include <random>
#include <thread>

#include "support/reading_threads.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

// One of the threads, and what it has counted.
class Feeder {
 public:
  Feeder(RunningRuntime& running, const Runtime::RecorderPtr& recorder, uint32_t seed)
      : tick_(running.tick), thread_(running, recorder), random_(seed) {}

  // Until it is told to end; then it leaves what it has not handled.
  void Run() {
    while (!ending.load(std::memory_order_relaxed)) {
      for (auto events = random_() % 8; events > 0; --events) Offer();
      if (random_() % 2 == 0) handled += thread_.Handle();
      std::this_thread::yield();
    }
    for (auto events = random_() % 8; events > 0; --events) Offer();
    thread_.End();
  }

  std::atomic<bool> ending{false};
  uint64_t accepted = 0;
  uint64_t handled = 0;

 private:
  void Offer() {
    RingReader& reader = *thread_.reader;
    if (reader.held() >= 100 && !reader.retired()) return;
    // A stop that has retired the reader is over before an event is accepted again.
    const auto notice = [&] {
      if (!reader.retired()) return;
      reader.Close();
      reader.Open();
    };
    accepted += thread_.producer().Offer(tick_, {1}, notice) == RingProducer::Offered::kAccepted;
  }

  const EventClass& tick_;
  ReadingThread thread_;
  std::mt19937 random_;
};

// What others ask of the recorder while it is fed.
void Disturb(RunningRuntime& running, const Runtime::RecorderPtr& recorder, uint32_t choice) {
  switch (choice % 3) {
    case 0:
      CHECK_FALSE(running.runtime->StopRecorder("a").has_value());
      CHECK(Ends(running.runtime->BeginStart(recorder).operation));
      break;
    case 1:
      (void)running.Snapshots(recorder);
      break;
    default:
      for (auto yields = choice % 30; yields > 0; --yields) std::this_thread::yield();
  }
}

}  // namespace

TEST_SUITE("stress") {
  TEST_CASE("runtime readers: whatever ends each event is handled or undelivered and never both") {
    const uint64_t rounds = Rounds(400);
    uint64_t undelivered = 0;
    for (uint32_t round = 0; round < rounds; ++round) {
      CAPTURE(round);
      RunningRuntime running;
      const Runtime::RecorderPtr recorder = running.Create("a").recorder;
      Feeder one(running, recorder, 2 * round);
      Feeder two(running, recorder, 2 * round + 1);
      std::thread feeding([&] { one.Run(); });
      std::thread too([&] { two.Run(); });
      std::mt19937 random(round);
      for (auto times = random() % 6; times > 0; --times)
        Disturb(running, recorder, static_cast<uint32_t>(random()));
      const size_t end = round % (kMeanwhile.size() + 1);
      // A shutdown would wait to its limit for a thread that has begun to end.
      one.ending = end != 0;
      if (end < kMeanwhile.size()) kMeanwhile[end](*running.runtime);
      one.ending = two.ending = true;
      feeding.join();
      too.join();
      const RecorderStats stats = recorder->ReadStats();
      CHECK(stats.accepted == one.accepted + two.accepted);
      CHECK(stats.dispatched == stats.accepted);
      CHECK(stats.pending == 0);
      CHECK(one.handled + two.handled + stats.undelivered == stats.accepted);
      undelivered += stats.undelivered;
    }
    CHECK(undelivered > 0);
  }
}

}  // namespace metrics_runtime::test
