// A recorder with several rings, the producers of all of them, and what each was told.
//
// Threads: Offer and CountInvalid of one ring, one thread for each ring. All else as Recorder says;
// the thread of the test is the runtime thread.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/recorder.h"
#include "support/numbered_events.h"
#include "support/ring_producer.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

using Offered = RingProducer::Offered;

class RingedRecorder {
 public:
  // What one ring is made with.
  struct RingOptions {
    std::function<void()> wake = [] {};
    uint32_t first_event = 0;
    Entry entry = Entry::kClosersBarrier;
  };
  struct Ring {
    Ring(uint32_t queue_max_size, RingOptions options)
        : producer(queue_max_size, std::move(options.wake), options.first_event, options.entry) {}
    RingProducer producer;
    const EventRing* end = nullptr;  // the recorder's, from when it was attached until it is let go
    // What the producer was told, stored (release) when its call has returned.
    std::atomic<uint64_t> accepted{0};
    std::atomic<uint64_t> dropped{0};
    std::atomic<uint64_t> invalid{0};
  };

  // With its metrics, in the state VIRGIN; no ring is attached.
  RingedRecorder(uint32_t queue_max_size, std::vector<RingOptions> options)
      : recorder("r", queue_max_size) {
    for (RingOptions& each : options) {
      rings.push_back(std::make_unique<Ring>(queue_max_size, std::move(each)));
    }
    events.RegisterMetrics(recorder, static_cast<uint32_t>(rings.size()));
  }
  // Runs, with `count` rings attached.
  RingedRecorder(uint32_t queue_max_size, size_t count)
      : RingedRecorder(queue_max_size, std::vector<RingOptions>(count)) {
    AttachAllAndRun();
  }

  void Attach(size_t i) {
    auto ring = std::make_unique<EventRing>(rings[i]->producer.memory(), recorder.queue_max_size());
    rings[i]->end = ring.get();
    recorder.AttachRing(std::move(ring));
  }
  void AttachAllAndRun() {
    for (size_t i = 0; i < rings.size(); ++i) Attach(i);
    REQUIRE(recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
  }

  // Offers ring `i` its next event. `inside`: as RingProducer::Offer.
  template <typename Inside>
  Offered Offer(size_t i, Inside&& inside) {
    Ring& ring = *rings[i];
    const Offered offered =
        events.Offer(ring.producer, i, ring.accepted.load(std::memory_order_relaxed), inside);
    if (offered == Offered::kAccepted) Add(ring.accepted);
    if (offered == Offered::kDropped) Add(ring.dropped);
    return offered;
  }
  Offered Offer(size_t i) {
    return Offer(i, [] {});
  }
  // Offers until it is refused; returns how many were accepted.
  uint64_t Fill(size_t i) {
    uint64_t accepted = 0;
    while (Offer(i) == Offered::kAccepted) ++accepted;
    return accepted;
  }
  void CountInvalid(size_t i) {
    rings[i]->producer.CountInvalid();
    Add(rings[i]->invalid);
  }

  uint64_t Drain() { return recorder.Drain(events.classes, never).events; }
  [[nodiscard]] uint64_t DispatchedOf(size_t i) const {
    return rings[i]->end == nullptr ? 0 : rings[i]->end->Read().dispatched;
  }
  [[nodiscard]] uint32_t StateWordOf(size_t i) const {
    return rings[i]->producer.WordAt(RingLayout::kStateOffset);
  }
  [[nodiscard]] uint64_t Sum(std::atomic<uint64_t> Ring::*count) const {
    uint64_t sum = 0;
    for (const auto& ring : rings) sum += (*ring.*count).load(std::memory_order_acquire);
    return sum;
  }

  [[nodiscard]] std::string Snapshots() const {
    return WrittenText([&](ValueWriter& writer) { recorder.WriteSnapshots(writer); });
  }
  // When of each ring so many events were dispatched: the first ones, in order, once.
  [[nodiscard]] static std::string SnapshotsOf(const std::vector<uint64_t>& dispatched) {
    return NumberedEvents::SnapshotsOf(dispatched);
  }
  // As the rings themselves count what was dispatched.
  [[nodiscard]] std::string ExpectedSnapshots() const {
    std::vector<uint64_t> dispatched;
    for (size_t i = 0; i < rings.size(); ++i) dispatched.push_back(DispatchedOf(i));
    return SnapshotsOf(dispatched);
  }

  NumberedEvents events;
  const Deadline never;
  std::vector<std::unique_ptr<Ring>> rings;  // outlive the recorder: it reads their memory
  Recorder recorder;

 private:
  // One writer for each count.
  static void Add(std::atomic<uint64_t>& count) {
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
};

}  // namespace metrics_runtime::test
