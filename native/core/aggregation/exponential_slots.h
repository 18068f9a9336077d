// The buckets that a JavaScript thread counts in, of an exponential histogram: a window of indexes
// at one scale for each sign. Which window it is never changes while they are read; their counts
// do, each of them whole.
#pragma once

#include <array>
#include <cstdint>

#include "core/aggregation/exponential_index.h"

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

}  // namespace metrics_runtime
