// How one dimension aggregates: which aggregation, and the options that it takes. Plain immutable
// data; each state of the dimension, one for each series, reads it and must not outlive it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace metrics_runtime {

enum class AggregationKind {
  kCount,
  kSum,
  kUpDown,
  kMin,
  kMax,
  kMean,
  kLast,
  kHistogram,
  kExponentialHistogram,
  kQuantiles,
  kDistinct
};

struct AggregationOptions {
  struct Quantile {
    double q = 0;      // 0 … 1
    std::string name;  // its key in a snapshot: the number as JavaScript writes it
  };

  AggregationKind kind = AggregationKind::kCount;
  std::vector<double> bounds{};       // kHistogram: finite, strictly increasing
  uint32_t max_size = 160;            // kExponentialHistogram: buckets for each sign, 2 … 4096
  std::vector<Quantile> quantiles{};  // kQuantiles
  double relative_error = 0.01;       // kQuantiles: 1e-4 <= relative_error < 1
};

}  // namespace metrics_runtime
