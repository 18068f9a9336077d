// Values, counted into the buckets of an ExponentialPoint.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "core/aggregation/exponential_index.h"
#include "core/exposition/point.h"

namespace metrics_runtime::test {

class CountedExponentials {
 public:
  // Each side from the first bucket in use to the last.
  CountedExponentials(std::span<const double> values, int32_t scale) : scale_(scale) {
    for (const bool is_negative : {false, true}) {
      Side& side = is_negative ? negative_ : positive_;
      std::vector<int32_t> indexes;
      for (const double value : values) {
        if (value != 0 && (value < 0) == is_negative) {
          indexes.push_back(ExponentialIndex(value, scale));
        }
      }
      if (indexes.empty()) continue;
      const auto [first, last] = std::ranges::minmax(indexes);
      side.offset = first;
      side.counts.resize(static_cast<size_t>(last - first + 1));
      for (const int32_t index : indexes) ++side.counts[static_cast<size_t>(index - first)];
    }
    for (const double value : values) {
      zero_count_ += value == 0 ? 1 : 0;
      has_negative_ = has_negative_ || value < 0;
      sum_ += value;
    }
  }

  // A view of what this object has.
  [[nodiscard]] ExponentialPoint point() const {
    return {.scale = scale_,
            .has_negative = has_negative_,
            .zero_count = zero_count_,
            .positive = {.offset = positive_.offset, .counts = positive_.counts},
            .negative = {.offset = negative_.offset, .counts = negative_.counts},
            .sum = sum_};
  }

 private:
  struct Side {
    int32_t offset = 0;
    std::vector<double> counts;
  };

  int32_t scale_;
  bool has_negative_ = false;
  double zero_count_ = 0;
  Side positive_;
  Side negative_;
  double sum_ = 0;
};

}  // namespace metrics_runtime::test
