// The one way in which tests wait for another thread without a handle on what it does.
#pragma once

#include <chrono>
#include <thread>

namespace metrics_runtime::test {

inline constexpr std::chrono::seconds kPatience{20};

// Whether `holds()` came true within the limit; looks every millisecond.
template <typename Predicate>
[[nodiscard]] bool Eventually(Predicate&& holds, std::chrono::nanoseconds limit = kPatience) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

// As above, for what another thread does in less than a millisecond: offers its processor instead
// of sleeping, so that both stay as close to each other as they can.
template <typename Predicate>
[[nodiscard]] bool Soon(Predicate&& holds, std::chrono::nanoseconds limit = kPatience) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace metrics_runtime::test
