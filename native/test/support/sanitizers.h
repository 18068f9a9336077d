// How much of a stress is enough: a sanitizer makes each step 5 to 20 times as slow.
#pragma once

#include <cstdint>

namespace metrics_runtime::test {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

[[nodiscard]] constexpr uint64_t Rounds(uint64_t plain) {
  return kSanitized ? (plain + 3) / 4 : plain;
}

}  // namespace metrics_runtime::test
