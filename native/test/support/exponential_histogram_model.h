// What an ExponentialHistogram has to be, worked out by a model that shares nothing with it but the
// index of a value: maps of all counts at the finest scale, and the scale decided only when asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/aggregation/exponential_histogram.h"

namespace metrics_runtime::test {

[[nodiscard]] AggregationOptions OfSize(uint32_t max_size);
[[nodiscard]] ExponentialHistogram Recorded(uint32_t max_size, const std::vector<double>& values);

// The snapshot that TextOf() has of a histogram of these values. A merged sum rounds otherwise than
// that of the whole, hence `sum` to be told.
[[nodiscard]] std::string ModelText(uint32_t max_size, const std::vector<double>& values,
                                    std::optional<double> sum = std::nullopt);

// Read from the snapshot.
[[nodiscard]] int ScaleOf(const ExponentialHistogram& histogram);
[[nodiscard]] double SumOf(const ExponentialHistogram& histogram);

// Just within bucket `index` of the finest scale.
[[nodiscard]] double InBucket(int32_t index);

}  // namespace metrics_runtime::test
