// Closing a recorder with several rings while their producers are inside.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "runtime/producer_wait.h"
#include "support/close_recorder.h"
#include "support/gate.h"
#include "support/ringed_recorder.h"
#include "support/running_runtime.h"

namespace metrics_runtime::test {

namespace {

constexpr size_t kRings = 3;

}  // namespace

TEST_CASE("closing rings: a stop waits for the producer inside any of them and has its event") {
  for (size_t inside = 0; inside < kRings; ++inside) {
    CAPTURE(inside);
    RingedRecorder ringed(8, kRings);
    Gate gate;
    Offered offered = Offered::kDropped;
    std::thread producer([&] { offered = ringed.Offer(inside, [&] { gate.Pass(); }); });
    CHECK(gate.AwaitArrival());
    int pauses = 0;
    CHECK(Close(ringed.recorder, [&] {
      if (++pauses == 3) gate.Open();
    }));
    CHECK(pauses >= 3);
    CHECK(ringed.Drain() == 1);
    producer.join();
    CHECK(offered == Offered::kAccepted);
    CHECK(ringed.DispatchedOf(inside) == 1);
    CHECK(ringed.recorder.ReadStats().pending == 0);
  }
}

TEST_CASE("closing rings: one wait is for all of them and takes no longer than its limit") {
  for (size_t inside = 0; inside < kRings; ++inside) {
    CAPTURE(inside);
    RingedRecorder ringed(8, kRings);
    std::vector<uint64_t> accepted(kRings, 2);
    for (size_t i = 0; i < kRings; ++i) {
      for (int event = 0; event < 2; ++event) REQUIRE(ringed.Offer(i) == Offered::kAccepted);
    }
    // One stays for ever, the others leave in the meantime and are not forgotten.
    std::vector<Gate> gates(kRings);
    std::vector<std::thread> producers;
    for (size_t i = 0; i < kRings; ++i) {
      producers.emplace_back([&, i] { (void)ringed.Offer(i, [&] { gates[i].Pass(); }); });
    }
    for (Gate& gate : gates) CHECK(gate.AwaitArrival());
    const auto begin = std::chrono::steady_clock::now();
    int pauses = 0;
    CHECK_FALSE(Close(ringed.recorder, [&] {
      if (++pauses != 20) return;
      for (size_t i = 0; i < kRings; ++i) {
        if (i != inside) gates[i].Open();
      }
    }));
    const auto took = std::chrono::steady_clock::now() - begin;
    CHECK(took >= ProducerWait::kLimit);
    CHECK(took < ProducerWait::kLimit + std::chrono::milliseconds(1'500));
    CHECK(ringed.Drain() == 3 * kRings - 1);
    CHECK(ringed.recorder.Transition(RecorderState::kStopping, RecorderState::kStopped));

    // What comes after the last drain is pending, also once its ring was let go.
    const std::string snapshots = ringed.Snapshots();
    gates[inside].Open();
    for (auto& producer : producers) producer.join();
    CHECK(ringed.Offer(inside) == Offered::kClosed);
    ringed.recorder.DetachRings();
    CHECK(ringed.Drain() == 0);
    CHECK(ringed.Snapshots() == snapshots);
    const RecorderStats stats = ringed.recorder.ReadStats();
    CHECK(stats.accepted == 3 * kRings);
    CHECK(stats.dispatched == 3 * kRings - 1);
    CHECK(stats.pending == 1);
  }
}

TEST_CASE("closing rings: what is published in a ring that was let go is not counted any more") {
  RingedRecorder ringed(8, kRings);
  for (size_t i = 0; i < kRings; ++i) REQUIRE(ringed.Offer(i) == Offered::kAccepted);
  Gate gate;
  std::thread producer([&] { CHECK(ringed.Offer(1, [&] { gate.Pass(); }) == Offered::kAccepted); });
  CHECK(gate.AwaitArrival());
  CHECK_FALSE(Close(ringed.recorder, [] {}));
  CHECK(ringed.Drain() == kRings);
  ringed.recorder.DetachRings();
  const std::string snapshots = ringed.Snapshots();
  gate.Open();
  producer.join();
  CHECK(ringed.Offer(1) == Offered::kClosed);
  CHECK(ringed.Drain() == 0);
  CHECK(ringed.Snapshots() == snapshots);
  CHECK(ringed.recorder.ReadStats().accepted == kRings);
  CHECK(ringed.recorder.ReadStats().pending == 0);
}

TEST_CASE(
    "closing rings: what a producer publishes after the stop is pending until the next start") {
  RunningRuntime running;
  const FedRecorder fed = running.Create("a");
  REQUIRE_FALSE(running.runtime->RegisterMetric(fed.recorder, running.Ticks("m")).has_value());
  Gate gate;
  std::thread producer([&] {
    CHECK(fed.producer->Offer(running.tick, {1}, [&] { gate.Pass(); }) == Offered::kAccepted);
  });
  CHECK(gate.AwaitArrival());
  CHECK(Ends(running.runtime->BeginStop(fed.recorder).operation));  // after a second
  const std::string before = running.Snapshots(fed.recorder);
  gate.Open();
  producer.join();
  running.runtime->Flush();
  CHECK(fed.recorder->state() == RecorderState::kStopped);
  CHECK(fed.recorder->ReadStats().pending == 1);
  CHECK(running.Snapshots(fed.recorder) == before);
  CHECK(Ends(running.runtime->BeginStart(fed.recorder).operation));
  running.runtime->Flush();
  CHECK(fed.recorder->ReadStats().pending == 0);
  CHECK(fed.recorder->ReadStats().dispatched == 1);
}

TEST_CASE(
    "closing rings: a recorder that is STOPPED does not look at its memory and so cannot fail") {
  RunningRuntime running;
  const FedRecorder fed = running.Create("a");
  CHECK(Ends(running.runtime->BeginStop(fed.recorder).operation));
  fed.producer->SetWordAt(RingLayout::kTailOffset, 0x1234567);
  running.runtime->Flush();
  CHECK(fed.recorder->state() == RecorderState::kStopped);
}

}  // namespace metrics_runtime::test
