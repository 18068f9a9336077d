// Producers that hammer while another thread stops and starts their recorder: after each stop,
// what they were told was accepted is what was dispatched, to the event.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "runtime/process_barrier.h"
#include "support/running_runtime.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

constexpr uint32_t kQueueMaxSize = 64;

// One producer thread. Its count is published only by what it was told, and read when it rests.
struct Hammer {
  explicit Hammer(Runtime& runtime, Entry entry)
      : producer(
            kQueueMaxSize, [&runtime] { runtime.Wake(); }, 0, entry) {}

  // Offers until told to end; counts an event when its call has returned. Now and then it loses its
  // processor at the worst moment: left to chance, that takes hours.
  void Run(const EventClass& tick) {
    uint32_t calls = 0;
    const auto inside = [&calls] {
      if (++calls % 16 == 0) std::this_thread::yield();
    };
    while (!end.load(std::memory_order_relaxed)) {
      switch (producer.Offer(tick, {1}, inside)) {
        case RingProducer::Offered::kAccepted:
          ++accepted;
          began.store(true, std::memory_order_relaxed);
          break;
        case RingProducer::Offered::kDropped:
          std::this_thread::yield();
          break;
        case RingProducer::Offered::kClosed:
          // What was accepted before is counted before: so whoever sees this count has it all.
          refused_after.store(accepted, std::memory_order_release);
          refused_in.store(round.load(std::memory_order_acquire), std::memory_order_release);
          std::this_thread::yield();
          break;
      }
    }
  }

  RingProducer producer;
  uint64_t accepted = 0;
  std::atomic<bool> began{false};
  std::atomic<uint64_t> refused_after{0};
  std::atomic<uint64_t> round{0};
  std::atomic<uint64_t> refused_in{0};
  std::atomic<bool> end{false};
};

void Hammering(Entry entry) {
  // Outlive the runtime: it reads the memory of the rings until then.
  std::vector<std::unique_ptr<Hammer>> hammers;
  RunningRuntime running;
  std::vector<Runtime::RecorderPtr> recorders;
  for (const char* id : {"a", "b"}) {
    Hammer& hammer = *hammers.emplace_back(std::make_unique<Hammer>(*running.runtime, entry));
    auto created = CreateIn(*running.runtime, id, kQueueMaxSize, hammer.producer.memory());
    REQUIRE(Succeeded(created));
    recorders.push_back(std::get<Runtime::RecorderPtr>(created));
  }
  std::vector<std::thread> threads;
  for (auto& hammer : hammers) {
    threads.emplace_back([&] { hammer->Run(running.tick); });
  }
  // Rounds are short: on a busy machine a thread that comes late may find them all over.
  bool all_in_time = true;
  for (auto& hammer : hammers) {
    all_in_time = all_in_time && Eventually([&] { return hammer->began.load(); });
  }
  const uint64_t rounds = Rounds(2'000);
  uint64_t differ = 0;
  for (uint64_t round = 1; round <= rounds && all_in_time; ++round) {
    std::vector<uint64_t> dispatched;
    for (const auto& recorder : recorders) {
      all_in_time = all_in_time && Ends(running.runtime->BeginStop(recorder).operation);
      // At once: later turns of the loop would dispatch what came too late.
      dispatched.push_back(recorder->ReadStats().dispatched);
    }
    for (size_t i = 0; i < hammers.size(); ++i) {
      Hammer& hammer = *hammers[i];
      hammer.round.store(round, std::memory_order_release);
      all_in_time = all_in_time && Eventually([&] { return hammer.refused_in.load() == round; });
      differ += hammer.refused_after.load() != dispatched[i];
    }
    for (const auto& recorder : recorders) {
      all_in_time = all_in_time && Ends(running.runtime->BeginStart(recorder).operation);
    }
  }
  for (auto& hammer : hammers) hammer->end = true;
  for (auto& thread : threads) thread.join();
  CHECK(all_in_time);
  CHECK(differ == 0);
  for (auto& hammer : hammers) CHECK(hammer->accepted > 0);
}

}  // namespace

TEST_SUITE("stress") {
  TEST_CASE("closing: each stop dispatches exactly what producers on other threads had accepted") {
    if (HasProcessBarrier()) Hammering(Entry::kClosersBarrier);
  }

  TEST_CASE(
      "closing: each stop dispatches exactly what was accepted without a process barrier too") {
    Hammering(Entry::kSeqCst);
  }
}

TEST_CASE("closing: a stop waits for the producer that is inside and dispatches its event") {
  RunningRuntime running;
  const FedRecorder fed = running.Create("a");
  std::shared_ptr<Operation> stop;
  CHECK(fed.producer->Offer(running.tick, {1}, [&] {
    stop = running.runtime->BeginStop(fed.recorder).operation;
    CHECK_FALSE(stop->Wait(50'000'000));
    CHECK(fed.recorder->state() == RecorderState::kStopping);
  }) == RingProducer::Offered::kAccepted);
  CHECK(Ends(stop));
  CHECK(fed.recorder->ReadStats().dispatched == 1);
}

TEST_CASE("closing: a shutdown waits one second for all producers that sleep inside and goes on") {
  RunningRuntime running;
  std::vector<FedRecorder> fed;
  for (const char* id : {"a", "b", "c"}) {
    fed.push_back(running.Create(id));
    REQUIRE(fed.back().Offer(running.tick));
    fed.back().producer->SetWordAt(RingLayout::kBusyOffset, 1);
  }
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(running.runtime->Shutdown().has_value());
  const auto took = std::chrono::steady_clock::now() - begin;
  CHECK(took >= std::chrono::milliseconds(900));
  CHECK(took < std::chrono::milliseconds(2'500));
  for (const FedRecorder& each : fed) {
    CHECK(each.recorder->state() == RecorderState::kStopped);
    CHECK(each.recorder->ReadStats().dispatched == 1);
  }
}

TEST_CASE("closing: a removal waits only once for the producer that sleeps inside") {
  RunningRuntime running;
  const FedRecorder fed = running.Create("a");
  fed.producer->SetWordAt(RingLayout::kBusyOffset, 1);
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(running.runtime->StopAndRemoveRecorder("a").failure.has_value());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(1'900));
}

}  // namespace metrics_runtime::test
