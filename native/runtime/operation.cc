#include "runtime/operation.h"

#include <utility>

namespace metrics_runtime {

void Operation::Settle(std::optional<Failure> failure) {
  std::vector<std::shared_ptr<LoopSignal>> signals;
  {
    const UvLock lock(mutex_);
    if (settled_) return;
    settled_ = true;
    failure_ = std::move(failure);
    settled_changed_.NotifyAll();
    signals.swap(signals_);
  }
  for (const auto& signal : signals) signal->Send();
}

void Operation::SendWhenSettled(std::shared_ptr<LoopSignal> signal) {
  {
    const UvLock lock(mutex_);
    if (!settled_) {
      signals_.push_back(std::move(signal));
      return;
    }
  }
  signal->Send();
}

bool Operation::Wait(uint64_t limit_ns) noexcept {
  UvLock lock(mutex_);
  return settled_changed_.WaitFor(lock, limit_ns, [this] { return settled_; });
}

std::optional<Failure> Operation::failure() {
  const UvLock lock(mutex_);
  return failure_;
}

}  // namespace metrics_runtime
