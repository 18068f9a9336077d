// The value of one series at one moment: views of numbers that were copied from the aggregations
// and the slots. Counts are whole numbers in doubles, each below 2^53. `has_negative`: a value
// below zero was recorded, so the sum is one that may go down; it stays so while the series lives.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace metrics_runtime {

struct Label {
  std::string_view name;   // legal: [a-zA-Z_][a-zA-Z0-9_]*, never "le" or "quantile"
  std::string_view value;  // any UTF-8
};

// Explicit buckets, upper-inclusive. The number of values is the sum of the counts.
struct HistogramPoint {
  std::span<const double> bounds;  // finite, strictly increasing
  std::span<const double> counts;  // of each bucket alone; one more than bounds
  double sum = 0;
  bool has_negative = false;
};

// Base-2 exponential buckets as in OpenTelemetry: with base = 2^(2^-scale), bucket i of a sign
// counts magnitudes in (base^i, base^(i+1)]. The number of values is zero_count and all counts.
struct ExponentialPoint {
  struct Side {
    int32_t offset = 0;  // the index of counts[0]
    std::span<const double> counts;
  };
  int32_t scale = 0;  // kMinExponentialScale … kMaxExponentialScale, -11 … 8
  bool has_negative = false;
  double zero_count = 0;
  Side positive{};
  Side negative{};
  double sum = 0;
};

struct SummaryPoint {
  std::span<const double> quantiles;  // 0 … 1, in the order they were asked for
  std::span<const double> values;     // as many; NaN while there is no value
  double count = 0;
  double sum = 0;
  bool has_negative = false;
};

// A number: of a counter or a gauge.
using Point = std::variant<double, HistogramPoint, ExponentialPoint, SummaryPoint>;

}  // namespace metrics_runtime
