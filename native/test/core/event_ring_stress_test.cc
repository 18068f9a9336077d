// A producer thread and a consumer thread on one ring, with a number in every record.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/event_ring.h"
#include "support/eventually.h"
#include "support/fields.h"
#include "support/ring_producer.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

using Offered = RingProducer::Offered;

// Asked for by the producer, awaited by the consumer; with nothing else to turn it, a lost wake is
// a consumer that sleeps until the deadline.
class Bell {
 public:
  void Ring() {
    {
      const std::lock_guard lock(mutex_);
      rung_ = true;
    }
    changed_.notify_one();
  }
  [[nodiscard]] bool Await(std::chrono::nanoseconds limit) {
    std::unique_lock lock(mutex_);
    // The system clock, because ThreadSanitizer does not know pthread_cond_clockwait.
    const bool heard = changed_.wait_until(lock, std::chrono::system_clock::now() + limit,
                                           [this] { return rung_; });
    rung_ = false;
    return heard;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool rung_ = false;
};

struct Outcome {
  uint64_t dispatched = 0;
  uint64_t out_of_place = 0;
  bool slept_too_long = false;
};

// Everything the consumer needs; `done` is set after the last event was published.
struct Race {
  explicit Race(uint32_t queue_max_size)
      : producer(queue_max_size, [this] { bell.Ring(); }), ring(producer.memory(), queue_max_size) {
    ring.WriteState(RecorderState::kRunning);
  }

  // `accept(n)`: whether a record with the number n may come now.
  template <typename Accept>
  Outcome Consume(Accept&& accept) {
    Outcome outcome;
    const Deadline never;
    const auto dispatch = [&](const EventClass& event_class, const EventRecord& record) {
      ++outcome.dispatched;
      // The number stands in the first field and in the last, so a torn record shows.
      const double first = record.F64(event_class.offset(0));
      const double last = record.F64(event_class.offset(event_class.fields().size() - 1));
      if (first != last || !accept(first)) ++outcome.out_of_place;
      return true;
    };
    for (bool last = false; !last;) {
      if (!bell.Await(kPatience)) {
        outcome.slept_too_long = true;
        given_up.store(true);
        return outcome;
      }
      last = done.load();
      if (ring.Drain(classes, never, dispatch) != EventRing::DrainResult::kDrained) {
        ++outcome.out_of_place;
        given_up.store(true);
        return outcome;
      }
    }
    return outcome;
  }

  Offered OfferLarge(uint64_t number) {
    const auto n = static_cast<double>(number);
    return producer.Offer(sixteen_words, {n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n});
  }
  Offered Offer(uint64_t number) {
    const auto n = static_cast<double>(number);
    switch (number % 3) {
      case 0:
        return producer.Offer(two_words, {n});
      case 1:
        return producer.Offer(five_words, {n, 0, 0, n});
      default:
        return OfferLarge(number);
    }
  }
  void Finish() {
    done.store(true);
    bell.Ring();
  }

  EventClassRegistry classes;
  const EventClass& two_words = Registered(classes, "two", Float64s(1));
  const EventClass& five_words = Registered(classes, "five", Float64s(4));
  const EventClass& sixteen_words = Registered(classes, "sixteen", Float64s(15));
  Bell bell;
  std::atomic<bool> done{false};
  std::atomic<bool> given_up{false};
  RingProducer producer;
  EventRing ring;
};

}  // namespace

TEST_SUITE("stress") {
  TEST_CASE("event ring: two threads lose and reorder nothing when the producer waits for room") {
    for (const uint32_t size : {1u, 8u, 100u, 10'000u}) {
      CAPTURE(size);
      const uint64_t events = Rounds(size < 100 ? 100'000 : 3'000'000);
      Race race(size);
      std::thread producer([&] {
        for (uint64_t n = 0; n < events && !race.given_up.load(std::memory_order_relaxed);) {
          if (race.Offer(n) == Offered::kAccepted) {
            ++n;
          } else {
            std::this_thread::yield();  // two threads on one processor: the other must come to run
          }
        }
        race.Finish();
      });
      double next = 0;
      const Outcome outcome = race.Consume([&](double number) { return number == next++; });
      producer.join();
      CHECK_FALSE(outcome.slept_too_long);
      CHECK(outcome.out_of_place == 0);
      CHECK(outcome.dispatched == events);
      CHECK(race.ring.Read().pending == 0);
    }
  }

  // With the longest records the bound fills the memory, so that a freed place is written again at
  // once: the one case in which ThreadSanitizer sees a head that was freed without a release.
  TEST_CASE("event ring: two threads never touch one record at a time") {
    const uint64_t events = Rounds(500'000);
    Race race(100);
    std::thread producer([&] {
      for (uint64_t n = 0; n < events && !race.given_up.load(std::memory_order_relaxed);) {
        if (race.OfferLarge(n) == Offered::kAccepted) {
          ++n;
        } else {
          std::this_thread::yield();
        }
      }
      race.Finish();
    });
    double next = 0;
    const Outcome outcome = race.Consume([&](double number) { return number == next++; });
    producer.join();
    CHECK_FALSE(outcome.slept_too_long);
    CHECK(outcome.out_of_place == 0);
    CHECK(outcome.dispatched == events);
  }

  TEST_CASE("event ring: two threads count every event that was offered when the producer drops") {
    const uint64_t events = Rounds(2'000'000);
    Race race(100);
    uint64_t accepted = 0;
    std::thread producer([&] {
      for (uint64_t n = 0; n < events; ++n) accepted += race.Offer(n) == Offered::kAccepted;
      race.Finish();
    });
    double last = -1;
    const Outcome outcome = race.Consume([&](double number) {
      const bool later = number > last;
      last = number;
      return later;
    });
    producer.join();
    CHECK_FALSE(outcome.slept_too_long);
    CHECK(outcome.out_of_place == 0);
    CHECK(outcome.dispatched == accepted);
    const RingCounts counts = race.ring.Read();
    CHECK(counts.dispatched == accepted);
    CHECK(counts.pending == 0);
    CHECK(counts.dispatched + counts.dropped == events);
  }

  TEST_CASE("event ring: another thread reads counts that add up while events pass through") {
    const uint64_t events = Rounds(1'000'000);
    Race race(1'000);
    std::atomic<bool> reading{true};
    uint64_t readings = 0;
    uint64_t went_back = 0;
    std::thread reader([&] {
      RingCounts before;
      while (reading.load()) {
        const RingCounts now = race.ring.Read();
        const bool back = now.dispatched < before.dispatched || now.dropped < before.dropped ||
                          now.dispatched + now.pending < before.dispatched + before.pending ||
                          now.dispatched + now.pending > events;
        went_back += back;
        ++readings;
        before = now;
        std::this_thread::yield();
      }
    });
    std::thread producer([&] {
      for (uint64_t n = 0; n < events; ++n) (void)race.Offer(n);
      race.Finish();
    });
    const Outcome outcome = race.Consume([](double) { return true; });
    producer.join();
    reading.store(false);
    reader.join();
    CHECK_FALSE(outcome.slept_too_long);
    CHECK(readings > 0);
    CHECK(went_back == 0);
  }
}

}  // namespace metrics_runtime::test
