// What every distribution keeps beside its buckets: the sum and both ends of the values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/value_writer.h"

namespace metrics_runtime {

struct ValueSummary {
  void Record(double value) noexcept {
    sum += value;
    min = std::min(min, value);
    max = std::max(max, value);
  }
  void Merge(const ValueSummary& other) noexcept {
    sum += other.sum;
    min = std::min(min, other.min);
    max = std::max(max, other.max);
  }
  [[nodiscard]] bool has_negative() const noexcept { return min < 0; }
  // Four entries of an object: count, sum, min and max; the last two null while `count`, which is
  // derived from the buckets, is 0.
  void Write(ValueWriter& writer, uint64_t count) const {
    writer.Key("count");
    writer.Number(static_cast<double>(count));
    writer.Key("sum");
    writer.Number(sum);
    writer.Key("min");
    writer.Number(count == 0 ? std::nullopt : std::optional(min));
    writer.Key("max");
    writer.Number(count == 0 ? std::nullopt : std::optional(max));
  }

  double sum = 0;
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();
};

}  // namespace metrics_runtime
