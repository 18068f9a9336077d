#include "runtime/command.h"

#include <utility>

namespace metrics_runtime {

Command::Command(std::function<void()> work, std::function<void()> refused)
    : work_(std::move(work)), refused_(std::move(refused)) {}

bool Command::Claim(Phase as) noexcept {
  Phase waiting = Phase::kWaiting;
  return phase_.compare_exchange_strong(waiting, as, std::memory_order_acq_rel);
}

void Command::Settle(Phase phase) noexcept {
  const UvLock lock(mutex_);
  phase_.store(phase, std::memory_order_release);
  settled_.NotifyAll();
}

void Command::Run() noexcept {
  if (!Claim(Phase::kClaimed)) return;
  Phase end = Phase::kRan;
  try {
    work_();
  } catch (...) {
    end = Phase::kThrew;
  }
  Settle(end);
}

void Command::Refuse() noexcept {
  if (!Claim(Phase::kClaimed)) return;
  if (refused_) refused_();
  Settle(Phase::kRefused);
}

Command::Outcome Command::Wait(uint64_t limit_ns) noexcept {
  const auto settled = [this] {
    const Phase phase = phase_.load(std::memory_order_acquire);
    return phase != Phase::kWaiting && phase != Phase::kClaimed;
  };
  UvLock lock(mutex_);
  if (!settled_.WaitFor(lock, limit_ns, settled)) {
    if (Claim(Phase::kGivenUp)) return Outcome::kGivenUp;
    // Claimed meanwhile: it is running, and its end is certain.
    (void)settled_.WaitFor(lock, UvCondition::kForever, settled);
  }
  switch (phase_.load(std::memory_order_acquire)) {
    case Phase::kRan:
      return Outcome::kRan;
    case Phase::kThrew:
      return Outcome::kThrew;
    case Phase::kRefused:
      return Outcome::kRefused;
    default:
      return Outcome::kGivenUp;
  }
}

}  // namespace metrics_runtime
