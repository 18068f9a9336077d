#include "core/exposition/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace metrics_runtime {

namespace {

char* WriteNonFinite(char* to, double value) noexcept {
  if (std::isnan(value)) return CopyText(to, "NaN");
  return CopyText(to, value > 0 ? "+Inf" : "-Inf");
}

}  // namespace

char* WriteNumber(char* to, double value) noexcept {
  constexpr double kExact = 0x1p53;
  if (value > -kExact && value < kExact) {
    // Far faster than the shortest digits, and counts are nothing else.
    const auto whole = static_cast<int64_t>(value);
    if (static_cast<double>(whole) == value) {
      return std::to_chars(to, to + kMostNumberText, whole).ptr;
    }
  }
  if (!std::isfinite(value)) return WriteNonFinite(to, value);
  return std::to_chars(to, to + kMostNumberText, value).ptr;
}

char* WriteBound(char* to, double bound, BoundText text) noexcept {
  if (!std::isfinite(bound)) return WriteNonFinite(to, bound);
  constexpr int kLeastFixed = -4;
  constexpr int kMostFixed = 5;
  char* const last = to + kMostNumberText;
  if (bound == 0) bound = 0;  // without its sign
  char* end = std::to_chars(to, last, bound, std::chars_format::scientific).ptr;
  const char* const sign = std::find(to, end, 'e') + 1;
  int exponent = 0;
  std::from_chars(sign + (*sign == '+' ? 1 : 0), end, exponent);
  if (exponent < kLeastFixed || exponent > kMostFixed) return end;
  end = std::to_chars(to, last, bound, std::chars_format::fixed).ptr;
  if (text == BoundText::kCanonical && std::find(to, end, '.') == end) end = CopyText(end, ".0");
  return end;
}

}  // namespace metrics_runtime
