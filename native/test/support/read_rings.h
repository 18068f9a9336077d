// A recorder with the rings of its creator and of another thread, which both read them a second
// time. The thread of the test plays all of them, and the runtime thread.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/recorder.h"
#include "support/fields.h"
#include "support/ring_producer.h"
#include "support/ring_reader.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

struct ReadRings {
  static constexpr uint32_t kSize = 8;

  struct Thread {
    std::optional<RingProducer> producer{std::in_place, kSize};
    RingReader reader{*producer};
    int signals = 0;
  };

  // In the state VIRGIN; both rings are attached, and neither is read.
  ReadRings() {
    recorder.NotifyCreatorsReader([this] { ++creator.signals; });
    for (Thread* const thread : {&creator, &other}) Attach(*thread);
    recorder.NotifyReadersOf(&other, [this] { ++other.signals; });
  }

  void Attach(Thread& thread) {
    REQUIRE(recorder.AttachRing(
        std::make_unique<EventRing>(thread.producer->memory(), kSize, &thread)));
  }
  void Run() { REQUIRE(recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning)); }
  // Both threads read, and the recorder runs.
  void RunAndRead() {
    Run();
    creator.reader.Open();
    other.reader.Open();
  }
  void Offer(Thread& thread, int events) {
    for (; events > 0; --events) {
      REQUIRE(thread.producer->Offer(tick, {1}) == RingProducer::Offered::kAccepted);
    }
  }
  uint64_t Drain() { return recorder.Drain(classes, never).events; }
  void RegisterCustom(const char* name, const Thread& thread) {
    recorder.RegisterMetric({.name = name, .thread = &thread}, classes.strings());
  }
  void RegisterDeclared(const char* name) {
    recorder.RegisterMetric(
        {.name = name,
         .fingerprint = "",
         .dimensions = {{.name = "total", .sources = {{.event_class = &tick}}}}},
        classes.strings());
  }
  [[nodiscard]] std::string SnapshotsFor(const Thread* thread) const {
    return WrittenText([&](ValueWriter& writer) { recorder.WriteSnapshots(writer, thread); });
  }
  // As one reading has them.
  void CheckStats(uint64_t accepted, uint64_t dispatched, uint64_t pending, uint64_t undelivered) {
    const RecorderStats stats = recorder.ReadStats();
    CHECK(stats.accepted == accepted);
    CHECK(stats.dispatched == dispatched);
    CHECK(stats.pending == pending);
    CHECK(stats.undelivered == undelivered);
  }

  EventClassRegistry classes;
  const EventClass& tick = Registered(classes, "tick", Float64s(1));
  const Deadline never;
  Thread creator;
  Thread other;
  Recorder recorder{"r", kSize, {.creator = &creator}};
};

}  // namespace metrics_runtime::test
