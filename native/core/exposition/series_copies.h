// The series of one metric family in one recorder at the time they were copied: values, but not
// labels, which the metric still has. Not thread-safe; throws std::bad_alloc.
#pragma once

#include <cstdint>
#include <deque>

#include "core/exposition/number_store.h"
#include "core/exposition/point.h"

namespace metrics_runtime {

struct SeriesCopies {
  struct Copied {
    uint32_t series;  // its number in the dimension or the instrument
    double created;   // seconds since the epoch
    Point point;      // views of `numbers` and of the metric's definition
  };

  // Needs no memory, which a new one would.
  void Clear() noexcept {
    series.clear();
    numbers = {};
  }

  std::deque<Copied> series;  // a deque, so that no growth copies what is there
  NumberStore numbers;
};

}  // namespace metrics_runtime
