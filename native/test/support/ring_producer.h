// The producer's end of one ring without JavaScript: the steps of core/ring_protocol.h, which are
// JavaScript's too, the records, and the memory, which here belongs to this object.
//
// Records are written with plain stores, as a typed array does; so ThreadSanitizer sees a missing
// acquire or release on either side as a race on the record.
//
// Threads: one, the producer's. The memory must outlive the EventRing on it, or its DetachRings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <vector>

#include "core/event_class.h"
#include "core/ring_protocol.h"
#include "core/ring_words.h"

namespace metrics_runtime::test {

class RingProducer {
 public:
  enum class Offered { kAccepted, kDropped, kClosed };

  // `wake` asks the consumer for a drain. `first_event`: what tail and head begin with, as if so
  // many events had gone before; an EventRing made afterwards begins there too.
  explicit RingProducer(
      uint32_t queue_max_size, std::function<void()> wake = [] {}, uint32_t first_event = 0,
      Entry entry = Entry::kClosersBarrier);
  RingProducer(const RingProducer&) = delete;
  RingProducer& operator=(const RingProducer&) = delete;

  [[nodiscard]] std::byte* memory() noexcept { return reinterpret_cast<std::byte*>(words_.data()); }
  [[nodiscard]] uint32_t queue_max_size() const noexcept { return queue_max_size_; }

  // Registers one event, `values` in the order of the class's fields, a key by any number that
  // stands for it. As in JavaScript the fields are written first; then state and bound decide
  // whether they are published.
  [[nodiscard]] Offered Offer(const EventClass& event_class, std::initializer_list<double> values) {
    return Offer(event_class, values, [] {});
  }
  // `inside` is called when the producer has found the recorder open and not yet published.
  template <typename Inside>
  [[nodiscard]] Offered Offer(const EventClass& event_class, std::initializer_list<double> values,
                              Inside&& inside) {
    WriteFields(event_class, values);
    const auto finish = [&] {
      inside();
      FinishRecord(event_class);
    };
    if (steps_.TryPublish(finish)) return Offered::kAccepted;
    switch (steps_.Publish(finish, wake_)) {
      case Steps::Published::kYes:
        return Offered::kAccepted;
      case Steps::Published::kFull:
        CountDropped();
        return Offered::kDropped;
      case Steps::Published::kClosed:
        break;
    }
    return Offered::kClosed;
  }
  void CountInvalid() noexcept;

  // What stands at `offset` of the ring (see RingLayout), and how to make it what it must not be.
  [[nodiscard]] uint32_t WordAt(size_t offset) noexcept;
  void SetWordAt(size_t offset, uint32_t value) noexcept;
  void SetCountAt(size_t offset, double value) noexcept;
  // Where the next record goes.
  [[nodiscard]] size_t next_record_offset() const noexcept;
  [[nodiscard]] bool open() const noexcept { return steps_.open(); }

 private:
  using Steps = RingProducerSteps<SharedRingWords>;

  void WriteFields(const EventClass& event_class, std::initializer_list<double> values) noexcept;
  // Its header, and the cursor behind it.
  void FinishRecord(const EventClass& event_class) noexcept;
  void CountDropped() noexcept;
  [[nodiscard]] uint32_t* Word(size_t offset) noexcept;
  [[nodiscard]] double* Count(size_t offset) noexcept;

  const uint32_t queue_max_size_;
  const std::function<void()> wake_;
  std::vector<uint64_t> words_;
  size_t cursor_;
  Steps steps_;
};

}  // namespace metrics_runtime::test
