#include "support/ring_reader.h"

#include "core/recorder_state.h"
#include "core/ring_layout.h"

namespace metrics_runtime::test {

namespace {

constexpr uint32_t kPosition = 0x7fff'ffff;

}  // namespace

void RingReader::Open() noexcept {
  position_ = handled_ = end();
  words_.StoreSeqCst(RingWord::kHandled, position_);
  words_.StoreSeqCst(RingWord::kTaken, position_ & kPosition);
  words_.StoreSeqCst(RingWord::kReading, 1);
}

void RingReader::Close() noexcept { words_.StoreSeqCst(RingWord::kReading, 0); }

bool RingReader::Take() noexcept {
  auto* const taken = reinterpret_cast<uint32_t*>(memory_ + RingLayout::kTakenOffset);
  uint32_t expected = position_ & kPosition;
  const uint32_t next = (position_ + 1) & kPosition;
  if (!__atomic_compare_exchange_n(taken, &expected, next, false, __ATOMIC_SEQ_CST,
                                   __ATOMIC_SEQ_CST)) {
    return false;
  }
  ++position_;
  return true;
}

void RingReader::Release() noexcept {
  handled_ = position_;
  words_.StoreSeqCst(RingWord::kHandled, handled_);
}

uint32_t RingReader::Handle(uint32_t most) noexcept {
  uint32_t taken = 0;
  while (taken < most && position_ != end() && Take()) ++taken;
  if (taken > 0) Release();
  return taken;
}

bool RingReader::retired() const noexcept {
  return (words_.LoadSeqCst(RingWord::kTaken) & ~kPosition) != 0;
}

bool RingReader::withheld() const noexcept { return words_.LoadSeqCst(RingWord::kWithheld) != 0; }

bool RingReader::stopping() const noexcept {
  return words_.LoadSeqCst(RingWord::kState) == static_cast<uint32_t>(RecorderState::kStopping);
}

}  // namespace metrics_runtime::test
