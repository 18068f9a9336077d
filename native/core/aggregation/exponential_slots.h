// The buckets that a JavaScript thread counts in, of an exponential histogram: a window of indexes
// at one scale for each sign. Which window it is never changes while they are read; their counts
// do, each of them whole.
#pragma once

#include <array>
#include <cstdint>

#include "core/aggregation/exponential_index.h"
#include "core/shared_word.h"

namespace metrics_runtime {

struct ExponentialSlots {
  struct Side {
    int32_t first = 0;  // the index of the first bucket
    uint32_t size = 0;
    const double* counts = nullptr;
  };

  int scale = kMaxExponentialScale;
  std::array<Side, 2> sides;  // positive, negative
};

// acquire: what is counted has been added to the sum before. Garbage, which only a thread that
// breaks the protocol can have written, is no count.
[[nodiscard]] inline uint64_t LoadCount(const double* slot) noexcept {
  constexpr double kMost = 1ull << 53;
  const double count = LoadAcquire(slot);
  return count > 0 && count <= kMost ? static_cast<uint64_t>(count) : 0;
}

}  // namespace metrics_runtime
