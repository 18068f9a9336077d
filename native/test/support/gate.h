// Holds up whichever thread comes to it, until it is opened.
#pragma once

#include <condition_variable>
#include <mutex>

#include "support/eventually.h"

namespace metrics_runtime::test {

class Gate {
 public:
  void Open() {
    {
      const std::lock_guard lock(mutex_);
      open_ = true;
    }
    changed_.notify_all();
  }
  // Returns when the gate is open; at the latest when patience ends, so that a failing test ends.
  void Pass() {
    std::unique_lock lock(mutex_);
    arrived_ = true;
    changed_.notify_all();
    WaitUntil(lock, open_);
  }
  // Whether a thread stands at the gate, or has passed it.
  [[nodiscard]] bool AwaitArrival() {
    std::unique_lock lock(mutex_);
    WaitUntil(lock, arrived_);
    return arrived_;
  }

 private:
  // The system clock, because ThreadSanitizer does not know pthread_cond_clockwait.
  void WaitUntil(std::unique_lock<std::mutex>& lock, const bool& flag) {
    changed_.wait_until(lock, std::chrono::system_clock::now() + kPatience, [&] { return flag; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  bool arrived_ = false;
};

}  // namespace metrics_runtime::test
