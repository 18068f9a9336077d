#include "core/aggregation/explicit_histogram.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>

namespace metrics_runtime {

size_t ExplicitHistogram::BucketOf(double value) const noexcept {
  // A binary search without a branch that depends on the value: values come in no order that the
  // processor could predict. It beats a scan from 8 bounds on, and loses nothing below.
  const double* first = bounds_.data();
  for (size_t left = bounds_.size(); left > 0;) {
    const size_t half = (left + 1) / 2;
    first += half * static_cast<size_t>(first[half - 1] < value);
    left -= half;
  }
  return static_cast<size_t>(first - bounds_.data());
}

void ExplicitHistogram::Record(double value) noexcept {
  ++counts_[BucketOf(value)];
  sum_ += value;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

void ExplicitHistogram::Merge(const ExplicitHistogram& other) noexcept {
  std::ranges::transform(counts_, other.counts_, counts_.begin(), std::plus());
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void ExplicitHistogram::Write(ValueWriter& writer) const {
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
