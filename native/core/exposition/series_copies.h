// Some series of one metric family in one recorder at the time they were copied: values, but not
// labels, which the metric still has. Not thread-safe; throws std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/exposition/number_store.h"
#include "core/exposition/point.h"

namespace metrics_runtime {

struct SeriesCopies {
  struct Copied {
    uint32_t series;  // its number in the dimension or the instrument
    double created;   // seconds since the epoch
    Point point;      // views of `numbers` and of the metric's definition
  };

  // More of them are better kept apart: no growth copies, and no end frees, more than 64 KiB of
  // either (but for a single series that is larger).
  [[nodiscard]] bool full() const noexcept {
    constexpr size_t kMostSeries = 512;
    constexpr size_t kMostNumbers = 8192;
    return series.size() >= kMostSeries || numbers.size() >= kMostNumbers;
  }

  std::vector<Copied> series;
  NumberStore numbers;
};

}  // namespace metrics_runtime
