#include "core/aggregation/explicit_histogram.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

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
  summary_.Record(value);
}

void ExplicitHistogram::Merge(const ExplicitHistogram& other) noexcept {
  std::ranges::transform(counts_, other.counts_, counts_.begin(), std::plus());
  summary_.Merge(other.summary_);
}

void ExplicitHistogram::Write(ValueWriter& writer) const {
  const uint64_t count = std::accumulate(counts_.begin(), counts_.end(), uint64_t{0});
  writer.Object(5);
  summary_.Write(writer, count);
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

std::optional<Point> ExplicitHistogram::CopyTo(NumberStore& numbers) const {
  return HistogramPoint{.bounds = bounds_,
                        .counts = numbers.Copy(counts_),
                        .sum = summary_.sum,
                        .has_negative = summary_.has_negative()};
}

}  // namespace metrics_runtime
