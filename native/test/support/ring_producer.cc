#include "support/ring_producer.h"

#include <utility>

#include "core/ring_layout.h"
#include "core/shared_word.h"

namespace metrics_runtime::test {

namespace {

constexpr size_t kFirstRecord = RingLayout::kRecordsOffset / RingLayout::kWordBytes;

template <typename T>
void PutPlain(std::byte* at, T value) noexcept {
  *reinterpret_cast<T*>(at) = value;
}

// Fibonacci hashing (Knuth): different numbers, different and spread bits.
uint64_t KeyHash(double number) noexcept {
  return static_cast<uint64_t>(number) * 0x9e37'79b9'7f4a'7c15;
}

}  // namespace

RingProducer::RingProducer(uint32_t queue_max_size, std::function<void()> wake,
                           uint32_t first_event, Entry entry)
    : queue_max_size_(queue_max_size),
      wake_(std::move(wake)),
      words_(RingLayout::Bytes(queue_max_size) / RingLayout::kWordBytes),
      cursor_(kFirstRecord),
      steps_(SharedRingWords(memory()), entry, queue_max_size, first_event) {
  SetWordAt(RingLayout::kTailOffset, first_event);
  SetWordAt(RingLayout::kHeadOffset, first_event);
}

void RingProducer::WriteFields(const EventClass& event_class,
                               std::initializer_list<double> values) noexcept {
  std::byte* const record = memory() + next_record_offset();
  size_t field = 0;
  for (const double value : values) {
    std::byte* const at = record + event_class.offset(field);
    switch (event_class.fields()[field].kind) {
      case FieldKind::kFloat64:
        PutPlain(at, value);
        break;
      case FieldKind::kKey:
        PutPlain(at, KeyHash(value));
        break;
      default:
        PutPlain(at, static_cast<uint32_t>(value));
    }
    ++field;
  }
}

void RingProducer::FinishRecord(const EventClass& event_class) noexcept {
  PutPlain(memory() + next_record_offset(), event_class.id());
  const size_t next = cursor_ + event_class.words();
  cursor_ = words_.size() - next < RingLayout::kMaxRecordWords ? kFirstRecord : next;
}

void RingProducer::CountDropped() noexcept {
  double* const dropped = Count(RingLayout::kDroppedOffset);
  StoreRelaxed(dropped, *dropped + 1);
}

void RingProducer::CountInvalid() noexcept {
  double* const invalid = Count(RingLayout::kInvalidOffset);
  StoreRelaxed(invalid, *invalid + 1);
}

size_t RingProducer::next_record_offset() const noexcept {
  return cursor_ * RingLayout::kWordBytes;
}

uint32_t RingProducer::WordAt(size_t offset) noexcept { return LoadAcquire(Word(offset)); }

void RingProducer::SetWordAt(size_t offset, uint32_t value) noexcept {
  StoreRelease(Word(offset), value);
}

void RingProducer::SetCountAt(size_t offset, double value) noexcept {
  StoreRelaxed(Count(offset), value);
}

uint32_t* RingProducer::Word(size_t offset) noexcept {
  return reinterpret_cast<uint32_t*>(memory() + offset);
}

double* RingProducer::Count(size_t offset) noexcept {
  return reinterpret_cast<double*>(memory() + offset);
}

}  // namespace metrics_runtime::test
