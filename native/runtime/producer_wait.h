// How long the runtime thread waits for producers that are inside: one limit for all of them. A
// producer is inside for some nanoseconds unless the system has taken its processor away, so first
// the processor is offered, then slept on, longer each time.
//
// Threads: one, the one that waits.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

namespace metrics_runtime {

class ProducerWait {
 public:
  static constexpr std::chrono::nanoseconds kLimit = std::chrono::seconds(1);

  // Passes some time. False: there is none left.
  [[nodiscard]] bool Pause() {
    if (yields_ < kYields) {
      ++yields_;
      std::this_thread::yield();
      return true;
    }
    if (std::chrono::steady_clock::now() - begin_ >= kLimit) return false;
    std::this_thread::sleep_for(sleep_);
    sleep_ = std::min(2 * sleep_, kLongestSleep);
    return true;
  }

 private:
  static constexpr int kYields = 8;
  static constexpr std::chrono::nanoseconds kLongestSleep = std::chrono::milliseconds(1);

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  int yields_ = 0;
  std::chrono::nanoseconds sleep_ = std::chrono::microseconds(20);
};

}  // namespace metrics_runtime
