// The time of day as exposition formats write it.
#pragma once

#include <chrono>

namespace metrics_runtime {

// Seconds since the epoch, in milliseconds' steps.
[[nodiscard]] inline double WallClockSeconds() noexcept {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  constexpr double kMsPerSecond = 1e3;
  return static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) /
         kMsPerSecond;
}

}  // namespace metrics_runtime
