// The bucket of a number in a base-2 exponential histogram: at scale s bucket i covers
// (base^i, base^(i+1)] with base = 2^(2^-s), so
//
//   index_s = ceil(log2(x) * 2^s) - 1        index_s = index_8 >> (8 - s)
//
// (OpenTelemetry, metrics data model, ExponentialHistogram). Exact for every double, subnormal ones
// too: integers and a table of bounds, no logarithm.
#pragma once

#include <cstddef>
#include <cstdint>

namespace metrics_runtime {

inline constexpr int kMaxExponentialScale = 8;
// Here each half of the numbers, up to 1 and beyond 1, is one bucket.
inline constexpr int kMinExponentialScale = -11;
// No index is further from 0, at any scale, nor is one a window's length beyond those of numbers.
inline constexpr int32_t kMostExponentialIndex = 1 << 20;

// The largest doubles not above 2^(j/256), j = 0 … 255, and 2: what JavaScript finds indexes with.
inline constexpr size_t kExponentialBounds = (size_t{1} << kMaxExponentialScale) + 1;
void CopyExponentialBounds(double* bounds) noexcept;

// The index of the magnitude of `value`, which is finite and not zero; kMinExponentialScale <=
// `scale` <= kMaxExponentialScale. Thread-safe.
[[nodiscard]] int32_t ExponentialIndex(double value, int scale) noexcept;

}  // namespace metrics_runtime
