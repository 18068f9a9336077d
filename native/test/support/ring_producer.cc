#include "support/ring_producer.h"

#include <algorithm>
#include <utility>

#include "core/recorder_state.h"
#include "core/ring_layout.h"
#include "core/shared_word.h"

namespace metrics_runtime::test {

namespace {

constexpr uint32_t kMostEventsBetweenChecks = 64;
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
                           uint32_t first_event)
    : queue_max_size_(queue_max_size),
      wake_(std::move(wake)),
      words_(RingLayout::Bytes(queue_max_size) / RingLayout::kWordBytes),
      cursor_(kFirstRecord),
      tail_(first_event),
      head_seen_(first_event),
      check_every_(std::clamp(queue_max_size >> 2, 1u, kMostEventsBetweenChecks)),
      until_check_(check_every_) {
  SetWordAt(RingLayout::kTailOffset, first_event);
  SetWordAt(RingLayout::kHeadOffset, first_event);
}

RingProducer::Offered RingProducer::Offer(const EventClass& event_class,
                                          std::initializer_list<double> values) {
  std::byte* const record = memory() + next_record_offset();
  PutPlain(record, event_class.id());
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
  if (!open()) return Offered::kClosed;
  if (Full()) {
    double* const dropped = Count(RingLayout::kDroppedOffset);
    StoreRelaxed(dropped, *dropped + 1);
    return Offered::kDropped;
  }
  Publish(event_class.words());
  return Offered::kAccepted;
}

void RingProducer::CountInvalid() noexcept {
  double* const invalid = Count(RingLayout::kInvalidOffset);
  StoreRelaxed(invalid, *invalid + 1);
}

bool RingProducer::open() noexcept {
  const auto state = static_cast<RecorderState>(LoadRelaxed(Word(RingLayout::kStateOffset)));
  return state == RecorderState::kRunning || state == RecorderState::kStarting;
}

bool RingProducer::Full() {
  if (tail_ - head_seen_ < queue_max_size_) return false;
  head_seen_ = LoadAcquire(Word(RingLayout::kHeadOffset));
  if (tail_ - head_seen_ < queue_max_size_) return false;
  if (LoadRelaxed(Word(RingLayout::kWakeOffset)) == 0) RequestDrain();
  return true;
}

void RingProducer::Publish(uint32_t words) {
  const size_t cursor = cursor_ + words;
  cursor_ = words_.size() - cursor < RingLayout::kMaxRecordWords ? kFirstRecord : cursor;
  ++tail_;
  StoreRelease(Word(RingLayout::kTailOffset), tail_);
  if (--until_check_ == 0) Check();
}

void RingProducer::Check() {
  until_check_ = check_every_;
  StoreTailSeqCst();
  head_seen_ = LoadAcquire(Word(RingLayout::kHeadOffset));
  if (tail_ - head_seen_ >= (queue_max_size_ + 1) / 2) RequestDrain();
}

void RingProducer::RequestDrain() {
  StoreTailSeqCst();
  if (ExchangeSeqCst(Word(RingLayout::kWakeOffset), 1u) == 0) wake_();
}

// Atomics.store: shared_word.h has no sequentially consistent store, an exchange is no weaker.
void RingProducer::StoreTailSeqCst() noexcept {
  (void)ExchangeSeqCst(Word(RingLayout::kTailOffset), tail_);
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
