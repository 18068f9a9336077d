// A histogram with explicit bucket bounds, upper-inclusive as in Prometheus and OpenTelemetry: a
// value falls into the first bucket whose bound is not below it; beyond the last bound into the
// bucket that ends at +Infinity.
//
// Snapshot: { count, sum, min, max, buckets: [{ le, count }] }, each bucket with its own count (not
// cumulative), the last `le` +Infinity, min and max null while it is empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/aggregation/aggregation_options.h"
#include "core/aggregation/value_summary.h"
#include "core/exposition/number_store.h"
#include "core/exposition/point.h"
#include "core/value_writer.h"

namespace metrics_runtime {

class ExplicitHistogram {
 public:
  using Input = double;
  // `options.bounds`: strictly increasing and finite; the caller has checked.
  explicit ExplicitHistogram(const AggregationOptions& options)
      : bounds_(options.bounds), counts_(options.bounds.size() + 1) {}

  void Record(double value) noexcept;
  // `other` has the same bounds.
  void Merge(const ExplicitHistogram& other) noexcept;
  void Write(ValueWriter& writer) const;
  [[nodiscard]] std::optional<Point> CopyTo(NumberStore& numbers) const;

 private:
  [[nodiscard]] size_t BucketOf(double value) const noexcept;

  const std::vector<double>& bounds_;
  std::vector<uint64_t> counts_;  // one more than bounds_; the total is derived from them
  ValueSummary summary_;
};

}  // namespace metrics_runtime
