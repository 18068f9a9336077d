// The hashes of numbered keys, for what counts distinct ones: 64 well mixed bits of each.
#pragma once

#include <cstdint>

namespace metrics_runtime::test {

// splitmix64 (Steele, Lea, Flood, 2014).
inline uint64_t Mixed(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// The hash of a key in the sequence of this seed. The seed is mixed first, as counters at a power
// of two from each other have related hashes.
inline uint64_t HashOf(uint64_t seed, uint64_t key) {
  constexpr uint64_t kGamma = 0x9e3779b97f4a7c15;
  return Mixed(Mixed(seed * kGamma) + (key + 1) * kGamma);
}

}  // namespace metrics_runtime::test
