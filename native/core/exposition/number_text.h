// Numbers as the text formats write them: the shortest text that reads back as the same double,
// whole numbers below 2^53 without a point or an exponent, and "NaN", "+Inf", "-Inf". Zero has no
// sign. Any thread; no memory.
#pragma once

#include <cstddef>
#include <string_view>

namespace metrics_runtime {

// Returns the end of the copy at `to`, where there is room.
[[nodiscard]] inline char* CopyText(char* to, std::string_view text) noexcept {
  return to + text.copy(to, text.size());
}

// No number is longer.
inline constexpr size_t kMostNumberText = 32;

// Both write to `to`, where there is room for kMostNumberText, and return the end.
[[nodiscard]] char* WriteNumber(char* to, double value) noexcept;

// A bound is a label value, so that its text is its identity: what other clients write for the same
// number must be the same text. It is that of Go's strconv with the format 'g', which client_golang
// takes; in OpenMetrics ("Considerations: Canonical Numbers") a whole number has ".0" as well.
enum class BoundText { kShort, kCanonical };
[[nodiscard]] char* WriteBound(char* to, double bound, BoundText text) noexcept;

}  // namespace metrics_runtime
