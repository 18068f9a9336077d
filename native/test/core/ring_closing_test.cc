// Closing a ring step by step on one thread, which plays both ends: what the order of the steps
// promises. That it holds between threads: runtime/closing_stress_test.cc and native/model.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <string>

#include "core/event_ring.h"
#include "support/fields.h"
#include "support/ring_producer.h"

namespace metrics_runtime::test {

namespace {

using Offered = RingProducer::Offered;

struct OpenRing {
  explicit OpenRing(Entry entry)
      : producer(
            4, [] {}, 0, entry) {
    ring.WriteState(RecorderState::kRunning);
  }
  uint32_t busy() { return producer.WordAt(RingLayout::kBusyOffset); }

  EventClassRegistry classes;
  const EventClass& tick = Registered(classes, "tick", Float64s(1));
  RingProducer producer;
  EventRing ring{producer.memory(), 4};
};

// The words of a ring as C++ has them, for who owns both ends.
class AtomicRingWords {
 public:
  using Words = std::array<std::atomic<uint32_t>, kRingWords>;
  explicit AtomicRingWords(Words& words) noexcept : words_(&words) {}

  uint32_t LoadRelaxed(RingWord word) const { return At(word).load(std::memory_order_relaxed); }
  uint32_t LoadAcquire(RingWord word) const { return At(word).load(std::memory_order_acquire); }
  uint32_t LoadSeqCst(RingWord word) const { return At(word).load(); }
  void StoreRelaxed(RingWord word, uint32_t value) const {
    At(word).store(value, std::memory_order_relaxed);
  }
  void StoreRelease(RingWord word, uint32_t value) const {
    At(word).store(value, std::memory_order_release);
  }
  void StoreSeqCst(RingWord word, uint32_t value) const { At(word).store(value); }
  uint32_t ExchangeSeqCst(RingWord word, uint32_t value) const { return At(word).exchange(value); }
  static void LightBarrier() { std::atomic_signal_fence(std::memory_order_seq_cst); }

 private:
  [[nodiscard]] std::atomic<uint32_t>& At(RingWord word) const {
    return (*words_)[static_cast<size_t>(word)];
  }
  Words* words_;
};

}  // namespace

TEST_CASE(
    "closing: a producer is inside from before its look at the state until it has published") {
  for (const Entry entry : {Entry::kClosersBarrier, Entry::kSeqCst}) {
    OpenRing open(entry);
    for (int event = 0; event < 4; ++event) {  // the first by the fast path, then with a look
      bool asked = false;
      CHECK(open.producer.Offer(open.tick, {1}, [&] {
        asked = true;
        CHECK(open.ring.ProducerInside());
        CHECK(open.ring.Read().pending == static_cast<uint64_t>(event));
      }) == Offered::kAccepted);
      CHECK(asked);
      CHECK_FALSE(open.ring.ProducerInside());
    }
  }
}

TEST_CASE("closing: a producer that is refused is not inside any more") {
  for (const Entry entry : {Entry::kClosersBarrier, Entry::kSeqCst}) {
    OpenRing open(entry);
    while (open.producer.Offer(open.tick, {1}) == Offered::kAccepted) {
    }
    CHECK(open.producer.Offer(open.tick, {1}) == Offered::kDropped);
    CHECK(open.busy() == 0);
    for (const auto state : {RecorderState::kStopping, RecorderState::kFailure}) {
      open.ring.WriteState(state);
      CHECK(open.producer.Offer(open.tick, {1}) == Offered::kClosed);
      CHECK(open.busy() == 0);
    }
  }
}

TEST_CASE("closing: waits for the producers after the barrier and gives up with the pauses") {
  std::string steps;
  int inside = 2;
  const auto await = [&](int pauses) {
    return AwaitProducers([&] { steps += 'b'; },
                          [&] {
                            steps += 'i';
                            return inside-- > 0;
                          },
                          [&] {
                            steps += 'p';
                            return pauses-- > 0;
                          });
  };
  CHECK(await(5));
  CHECK(steps == "bipipi");
  inside = 100;
  CHECK_FALSE(await(2));
}

TEST_CASE("closing: the same steps run over words of std::atomic") {
  AtomicRingWords::Words words{};
  RingProducerSteps<AtomicRingWords> producer(AtomicRingWords(words), Entry::kSeqCst, 2, 0);
  const RingConsumerSteps<AtomicRingWords> consumer{AtomicRingWords(words)};
  using Published = decltype(producer)::Published;
  int wakes = 0;
  const auto publish = [&] {
    const auto write = [] {};
    if (producer.TryPublish(write)) return Published::kYes;
    return producer.Publish(write, [&] { ++wakes; });
  };
  CHECK(publish() == Published::kClosed);
  consumer.TellState(RecorderState::kRunning);
  CHECK(publish() == Published::kYes);
  CHECK(publish() == Published::kYes);
  CHECK(publish() == Published::kFull);
  CHECK(wakes == 1);
  CHECK(consumer.BeginDrain() == 2);
  consumer.Release(2);
  CHECK(publish() == Published::kYes);
  consumer.TellState(RecorderState::kStopping);
  CHECK_FALSE(consumer.ProducerInside());
  CHECK(publish() == Published::kClosed);
  CHECK(consumer.BeginDrain() == 3);
}

}  // namespace metrics_runtime::test
