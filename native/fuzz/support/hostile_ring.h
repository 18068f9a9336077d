// The memory of one ring, exactly as long as it is said to be, and a thread that writes there what
// a producer writes and what none does. Not thread-safe: it does so between two steps of whoever
// reads, or in the middle of one, where that calls it.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "core/event_class.h"
#include "core/ring_layout.h"
#include "core/ring_words.h"

namespace metrics_runtime::fuzz {

class HostileRing {
 public:
  // `first`: what head and tail begin with.
  HostileRing(uint32_t queue_max_size, uint32_t first)
      : first(first),
        record_words_(RingLayout::RecordWords(queue_max_size)),
        memory_(std::make_unique<std::byte[]>(RingLayout::Bytes(queue_max_size))) {
    words().StoreRelaxed(RingWord::kTail, first);
    words().StoreRelaxed(RingWord::kHead, first);
  }

  const uint32_t first;

  [[nodiscard]] std::byte* memory() const noexcept { return memory_.get(); }
  [[nodiscard]] SharedRingWords words() const noexcept { return SharedRingWords(memory()); }
  [[nodiscard]] uint32_t tail() const noexcept { return words().LoadRelaxed(RingWord::kTail); }

  // What a producer does, but that it does not look whether there is room, nor at its values.
  void Publish(const EventClass& event_class, FuzzedDataProvider& input) {
    if (record_words_ - cursor_ < RingLayout::kMaxRecordWords) cursor_ = 0;
    std::byte* const record = records() + cursor_ * RingLayout::kWordBytes;
    input.ConsumeData(record, event_class.words() * RingLayout::kWordBytes);
    const uint32_t id = event_class.id();
    std::memcpy(record, &id, sizeof id);
    // Else few records would be without one that is not finite.
    for (const uint32_t offset : event_class.float64_offsets()) {
      if (input.ConsumeIntegral<uint8_t>() == 0xff) continue;
      const double value = input.ConsumeIntegral<int16_t>() * 0.25;
      std::memcpy(record + offset, &value, sizeof value);
    }
    cursor_ += event_class.words();
    words().StoreRelaxed(RingWord::kTail, tail() + 1);
  }

  // What nobody does: any of the words, or any bytes of the records.
  void Spoil(FuzzedDataProvider& input) {
    if (input.ConsumeBool()) {
      const size_t size = record_words_ * RingLayout::kWordBytes;
      const auto at = input.ConsumeIntegralInRange<size_t>(0, size - 1);
      input.ConsumeData(records() + at, input.ConsumeIntegralInRange<size_t>(1, size - at));
      return;
    }
    constexpr std::array kWords = {RingWord::kTail,   RingWord::kTail,    RingWord::kBusy,
                                   RingWord::kTaken,  RingWord::kHandled, RingWord::kReading,
                                   RingWord::kHead,   RingWord::kState,   RingWord::kWithheld,
                                   RingWord::kShared, RingWord::kWake};
    const RingWord word = input.PickValueInArray(kWords);
    const uint32_t value = input.ConsumeBool()
                               ? input.ConsumeIntegral<uint32_t>()
                               : tail() + static_cast<uint32_t>(input.ConsumeIntegral<int8_t>());
    words().StoreRelaxed(word, value);
    if (!input.ConsumeBool()) return;
    const size_t count =
        input.ConsumeBool() ? RingLayout::kDroppedOffset : RingLayout::kInvalidOffset;
    input.ConsumeData(memory() + count, sizeof(double));
  }

 private:
  [[nodiscard]] std::byte* records() const noexcept {
    return memory() + RingLayout::kRecordsOffset;
  }

  const size_t record_words_;
  const std::unique_ptr<std::byte[]> memory_;
  size_t cursor_ = 0;
};

}  // namespace metrics_runtime::fuzz
