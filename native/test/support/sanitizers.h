// How much of a stress is enough: a sanitizer makes each step 5 to 20 times as slow, and Valgrind,
// which runs one thread at a time, 50 times.
#pragma once

#include <cstdint>

namespace metrics_runtime::test {

#if defined(METRICS_RUNTIME_VALGRIND)
inline constexpr uint64_t kSlowdown = 32;
#elif defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr uint64_t kSlowdown = 4;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
inline constexpr uint64_t kSlowdown = 4;
#else
inline constexpr uint64_t kSlowdown = 1;
#endif
#else
inline constexpr uint64_t kSlowdown = 1;
#endif

[[nodiscard]] constexpr uint64_t Rounds(uint64_t plain) {
  return (plain + kSlowdown - 1) / kSlowdown;
}

}  // namespace metrics_runtime::test
