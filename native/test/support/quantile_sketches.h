// Quantile sketches of given values, and what their snapshots say.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/aggregation/quantile_sketch.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

inline AggregationOptions OptionsOf(double relative_error, const std::vector<double>& quantiles) {
  AggregationOptions options;
  options.kind = AggregationKind::kQuantiles;
  options.relative_error = relative_error;
  for (const double q : quantiles) options.quantiles.push_back({q, std::to_string(q)});
  return options;
}

// One for each rank of count + 1 values, so that equal quantiles are equal bins.
inline std::vector<double> EveryRank(size_t count) {
  std::vector<double> quantiles;
  for (size_t i = 0; i < count; ++i) {
    quantiles.push_back((static_cast<double>(i) + 0.5) / static_cast<double>(count));
  }
  quantiles.push_back(1);
  return quantiles;
}

inline QuantileSketch SketchOf(const AggregationOptions& options,
                               const std::vector<double>& values) {
  QuantileSketch sketch(options);
  for (const double value : values) sketch.Record(value);
  return sketch;
}

// The estimates in the order of the options, read from the snapshot.
inline std::vector<double> EstimatesOf(const QuantileSketch& sketch) {
  const std::string text = TextOf(sketch);
  std::vector<double> estimates;
  size_t at = text.find("\"quantiles\"") + std::string("\"quantiles\":").size();
  while ((at = text.find(": ", at)) != std::string::npos) {
    at += 2;
    estimates.push_back(std::strtod(text.c_str() + at, nullptr));  // subnormal ones as well
  }
  return estimates;
}

// The value of the rank that the quantile is defined by.
inline double ExactQuantile(const std::vector<double>& sorted, double q) {
  return sorted[static_cast<size_t>(q * static_cast<double>(sorted.size() - 1))];
}

inline double RelativeError(double estimate, double exact) {
  return estimate == exact ? 0 : std::abs(estimate - exact) / std::abs(exact);
}

}  // namespace metrics_runtime::test
