// The bucket of a number in a base-2 exponential histogram: at scale s bucket i covers
// (base^i, base^(i+1)] with base = 2^(2^-s), so
//
//   index_s = ceil(log2(x) * 2^s) - 1        index_s = index_8 >> (8 - s)
//
// (OpenTelemetry, metrics data model, ExponentialHistogram). Exact for every double, subnormal ones
// too: integers and a table of bounds, no logarithm.
#pragma once

#include <cstdint>

namespace metrics_runtime {

inline constexpr int kMaxExponentialScale = 8;
// Here each half of the numbers, up to 1 and beyond 1, is one bucket.
inline constexpr int kMinExponentialScale = -11;

// The index of the magnitude of `value`, which is finite and not zero; kMinExponentialScale <=
// `scale` <= kMaxExponentialScale. Thread-safe.
[[nodiscard]] int32_t ExponentialIndex(double value, int scale) noexcept;

}  // namespace metrics_runtime
