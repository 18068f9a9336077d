// How one dimension aggregates: which aggregation, and the options that it takes. Plain immutable
// data; each state of the dimension, one for each series, reads it and must not outlive it.
//
// Every aggregation in this folder is a plain value of the same shape: it is made from the options
// of its dimension, `Record` takes one event's value (finite: whoever dispatches has checked),
// `Merge` takes the state of another part of the same stream, `Write` writes the snapshot. Record
// and Merge may throw std::bad_alloc and have then changed nothing.
//
// Threads: one thread at a time. While the runtime runs that is the runtime thread; after it has
// ended, whoever holds the runtime's lock (see runtime/runtime.h).
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
