// A thread that reads its own events while its recorder is stopped, its reader retired at any
// moment, and started again.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "core/recorder.h"
#include "support/eventually.h"
#include "support/fields.h"
#include "support/ring_producer.h"
#include "support/ring_reader.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

constexpr uint32_t kSize = 16;
// Positions pass 2^31 on their way.
constexpr uint32_t kFirst = 0x8000'0000u - 1'000;

struct ReadWhileStopped {
  ReadWhileStopped() {
    REQUIRE(recorder.AttachRing(std::make_unique<EventRing>(producer.memory(), kSize)));
    REQUIRE(recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
    reader.Open();
  }

  // The producing thread. A place is free when it has handled the event too.
  void Offer() {
    if (reader.held() >= kSize && !reader.retired()) return;
    // A stop that has retired the reader is over before an event is accepted again: who looks
    // there knows for whom the event is.
    const auto notice = [&] {
      if (!reader.retired()) return;
      reader.Close();
      reader.Open();
    };
    if (producer.Offer(tick, {1}, notice) != RingProducer::Offered::kAccepted) return;
    ++accepted;
    times_handled.push_back(0);
  }
  // Where it takes an event and does not come to hand it on: that one counts as delivered too.
  void Handle(uint32_t most) {
    for (; most > 0 && reader.position() != reader.end(); --most) {
      const uint32_t number = reader.position() - kFirst;
      if (!reader.Take()) return;
      ++times_handled[number];
    }
    reader.Release();
  }
  void Produce() {
    std::mt19937 random(1);
    while (!done.load(std::memory_order_relaxed)) {
      for (auto events = random() % 8; events > 0; --events) Offer();
      Handle(random() % 8);
      if (random() % 4 == 0) std::this_thread::yield();
      turns.fetch_add(1, std::memory_order_relaxed);
    }
  }

  // The thread of the test is the runtime thread.
  void Drain() { (void)recorder.Drain(classes, never); }
  // Without waiting for the reader longer than it takes to yield so often.
  void Stop(uint32_t yields) {
    REQUIRE(recorder.Transition(RecorderState::kRunning, RecorderState::kStopping));
    REQUIRE(Soon([&] { return !recorder.ProducerInside(); }));
    Drain();
    for (; yields > 0 && recorder.ReadersHold(); --yields) std::this_thread::yield();
    recorder.RetireHoldingReaders();
    REQUIRE_FALSE(recorder.ReadersHold());
    REQUIRE(recorder.Transition(RecorderState::kStopping, RecorderState::kStopped));
  }

  EventClassRegistry classes;
  const EventClass& tick = Registered(classes, "tick", Float64s(1));
  const Deadline never;
  // kSeqCst: here there is no barrier in every thread.
  RingProducer producer{kSize, [] {}, kFirst, Entry::kSeqCst};
  RingReader reader{producer};
  Recorder recorder{"r", kSize};
  std::atomic<bool> done{false};
  std::atomic<uint64_t> turns{0};
  uint64_t accepted = 0;
  std::vector<int> times_handled;  // by the number of the event
};

}  // namespace

TEST_SUITE("stress") {
  TEST_CASE("recorder readers: each event is handled once or counts as undelivered once") {
    ReadWhileStopped read;
    std::thread producing([&] { read.Produce(); });
    std::mt19937 random(2);
    const uint64_t rounds = Rounds(20'000);
    uint64_t retired = 0;
    uint64_t fell = 0;
    uint64_t before = 0;
    for (uint64_t round = 0; round < rounds; ++round) {
      // Not all of it while the system lets the other thread wait.
      if (round % 64 == 0) {
        CHECK(Soon([&, turn = read.turns.load()] { return read.turns > turn; }));
      }
      for (auto drains = random() % 4; drains > 0; --drains) {
        read.Drain();
        std::this_thread::yield();
      }
      read.Stop(random() % 4);
      const RecorderStats stats = read.recorder.ReadStats();
      retired += stats.undelivered > before;
      fell += stats.undelivered < before || stats.pending > kSize;
      before = stats.undelivered;
      REQUIRE(read.recorder.Transition(RecorderState::kStopped, RecorderState::kRunning));
    }
    read.done = true;
    producing.join();
    read.Stop(0);
    const RecorderStats stats = read.recorder.ReadStats();
    uint64_t handled = 0;
    uint64_t twice = 0;
    for (const int times : read.times_handled) {
      handled += times > 0;
      twice += times > 1;
    }
    CHECK(fell == 0);
    CHECK(twice == 0);
    CHECK(retired > 0);
    CHECK(handled > 0);
    CHECK(stats.accepted == read.accepted);
    CHECK(stats.dispatched == read.accepted);
    CHECK(stats.pending == 0);
    CHECK(handled + stats.undelivered == read.accepted);
  }
}

}  // namespace metrics_runtime::test
