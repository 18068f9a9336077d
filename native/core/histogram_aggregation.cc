#include "core/histogram_aggregation.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace metrics_runtime {

HistogramAggregation::HistogramAggregation(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

size_t HistogramAggregation::BucketOf(double value) const noexcept {
  const size_t size = bounds_.size();
  if (size > kLinearScanLimit) {
    return static_cast<size_t>(std::ranges::lower_bound(bounds_, value) - bounds_.begin());
  }
  size_t bucket = 0;
  while (bucket < size && bounds_[bucket] < value) ++bucket;
  return bucket;
}

void HistogramAggregation::Record(double value) noexcept {
  ++counts_[BucketOf(value)];
  sum_ += value;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

void HistogramAggregation::Write(ValueWriter& writer) const {
  const uint64_t count = std::accumulate(counts_.begin(), counts_.end(), uint64_t{0});
  writer.Object(5);
  writer.Key("count");
  writer.Number(static_cast<double>(count));
  writer.Key("sum");
  writer.Number(sum_);
  writer.Key("min");
  writer.Number(count == 0 ? std::nullopt : std::optional(min_));
  writer.Key("max");
  writer.Number(count == 0 ? std::nullopt : std::optional(max_));
  writer.Key("buckets");
  writer.Array(counts_.size());
  for (size_t i = 0; i < counts_.size(); ++i) {
    writer.Object(2);
    writer.Key("le");
    writer.Number(i < bounds_.size() ? bounds_[i] : std::numeric_limits<double>::infinity());
    writer.Key("count");
    writer.Number(static_cast<double>(counts_[i]));
  }
}

}  // namespace metrics_runtime
