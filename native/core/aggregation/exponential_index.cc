#include "core/aggregation/exponential_index.h"

#include <array>
#include <bit>
#include <cstddef>
#include <limits>

namespace metrics_runtime {

namespace {

static_assert(std::numeric_limits<double>::is_iec559);

constexpr int kMantissaBits = 52;
constexpr uint64_t kHiddenBit = uint64_t{1} << kMantissaBits;
constexpr uint64_t kMantissaMask = kHiddenBit - 1;
constexpr int kExponentBias = 1023;
constexpr int kPartBits = kMaxExponentialScale;

// A mantissa is above 2^(j/256) exactly when it is greater than kBounds[j]. Beyond the last there
// is one that no mantissa reaches.
constexpr std::array<uint64_t, (size_t{1} << kPartBits) + 1> kBounds = {
#include "core/aggregation/exponential_bounds.inc"
    kHiddenBit};

// The mantissas in steps so short (1/512, where bounds are at least ln 2 / 256 apart) that no step
// has two bounds within it.
constexpr int kStepBits = kPartBits + 1;
constexpr int kStepShift = kMantissaBits - kStepBits;

// For each step the last bound that is not above its first mantissa.
constexpr auto kPartOfStep = [] {
  std::array<uint8_t, size_t{1} << kStepBits> parts{};
  size_t part = 0;
  for (size_t step = 0; step < parts.size(); ++step) {
    while (kBounds[part + 1] <= uint64_t{step} << kStepShift) ++part;
    parts[step] = static_cast<uint8_t>(part);
  }
  return parts;
}();

constexpr bool OneBoundInAStep() {
  for (size_t step = 0; step < kPartOfStep.size(); ++step) {
    const size_t second = kPartOfStep[step] + size_t{2};
    if (second < kBounds.size() && kBounds[second] < uint64_t{step + 1} << kStepShift) return false;
  }
  return true;
}
static_assert(OneBoundInAStep(), "one comparison is enough");

// exponent * 2^52 + mantissa, as if the range of exponents had no lower end.
int64_t Normalised(uint64_t magnitude) {
  if (magnitude >= kHiddenBit) [[likely]] {
    return static_cast<int64_t>(magnitude) - (int64_t{kExponentBias} << kMantissaBits);
  }
  const int missing = std::countl_zero(magnitude) - (63 - kMantissaBits);
  const int64_t exponent = 1 - kExponentBias - missing;
  return exponent * int64_t{kHiddenBit} +
         static_cast<int64_t>((magnitude << missing) & kMantissaMask);
}

}  // namespace

void CopyExponentialBounds(double* bounds) noexcept {
  static_assert(kBounds.size() == kExponentialBounds);
  constexpr uint64_t kOne = uint64_t{kExponentBias} << kMantissaBits;
  // The hidden bit, which stands in the last place, carries into the exponent.
  for (const uint64_t mantissa : kBounds) *bounds++ = std::bit_cast<double>(kOne + mantissa);
}

int32_t ExponentialIndex(double value, int scale) noexcept {
  constexpr uint64_t kMagnitudeMask = ~uint64_t{0} >> 1;
  // A bound belongs to the bucket below it. One down, and it is bounds that begin a bucket.
  const int64_t below = Normalised(std::bit_cast<uint64_t>(value) & kMagnitudeMask) - 1;
  const auto exponent = static_cast<int32_t>(below >> kMantissaBits);
  const uint64_t mantissa = static_cast<uint64_t>(below) & kMantissaMask;
  const int32_t part = kPartOfStep[mantissa >> kStepShift];
  const int32_t next = mantissa >= kBounds[static_cast<size_t>(part) + 1] ? 1 : 0;
  return (exponent * (1 << kPartBits) + part + next) >> (kMaxExponentialScale - scale);
}

}  // namespace metrics_runtime
