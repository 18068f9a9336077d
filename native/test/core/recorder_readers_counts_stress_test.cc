// Counts of a recorder whose thread reads its own events, read while that thread publishes.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "core/recorder.h"
#include "support/eventually.h"
#include "support/fields.h"
#include "support/ring_producer.h"
#include "support/ring_reader.h"

namespace metrics_runtime::test {

TEST_SUITE("stress") {
  TEST_CASE("recorder readers: counts read while a thread publishes have no event too many") {
    constexpr uint32_t kMany = 200'000;
    EventClassRegistry classes;
    const EventClass& tick = Registered(classes, "tick", {Uint32("n")});
    RingProducer producer(kMany);
    RingReader reader(producer);
    Recorder recorder("r", kMany);
    REQUIRE(recorder.AttachRing(std::make_unique<EventRing>(producer.memory(), kMany)));
    REQUIRE(recorder.Transition(RecorderState::kVirgin, RecorderState::kRunning));
    reader.Open();
    uint64_t offered = 0;
    std::atomic<bool> reading{false};
    std::atomic<bool> done{false};
    std::thread producing([&] {
      (void)Soon([&] { return reading.load(); });
      for (; offered < kMany; ++offered) {
        if (producer.Offer(tick, {1}) != RingProducer::Offered::kAccepted) break;
      }
      done = true;
    });
    uint64_t wrong = 0;
    while (!done) {
      const RecorderStats stats = recorder.ReadStats();
      reading = true;
      // Nothing is dispatched, so nothing can be both dispatched and unhandled.
      wrong += stats.dispatched != 0 || stats.pending != stats.accepted;
    }
    producing.join();
    CHECK(offered == kMany);
    CHECK(wrong == 0);
    CHECK(recorder.ReadStats().pending == kMany);
  }
}

}  // namespace metrics_runtime::test
