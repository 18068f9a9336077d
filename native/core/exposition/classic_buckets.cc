#include "core/exposition/classic_buckets.h"

#include <algorithm>
#include <cmath>

namespace metrics_runtime {

// The counts of one side from the first bucket in use to the last.
struct ClassicBuckets::Merged {
  Merged(const ExponentialPoint::Side& side, int32_t its_scale) noexcept
      : scale(std::min(its_scale, 0)) {
    const auto in_use = [](double count) { return count > 0; };
    const auto begin = std::ranges::find_if(side.counts, in_use);
    if (begin == side.counts.end()) return;
    const auto back = std::find_if(side.counts.rbegin(), side.counts.rend(), in_use);
    const auto first_index = side.offset + static_cast<int32_t>(begin - side.counts.begin());
    const auto last_index = side.offset + static_cast<int32_t>(side.counts.rend() - back) - 1;
    int shift = its_scale - scale;
    while ((last_index >> shift) - (first_index >> shift) >= static_cast<int32_t>(kMostOfASide)) {
      ++shift;
      --scale;
    }
    first = first_index >> shift;
    size = static_cast<size_t>(int64_t{last_index >> shift} - first + 1);
    for (int32_t index = first_index; index <= last_index; ++index) {
      counts[static_cast<size_t>((index >> shift) - first)] +=
          side.counts[static_cast<size_t>(index - side.offset)];
    }
  }

  // Of bucket `i` here, or the upper one of the bucket before it. 0 and infinity beyond the
  // doubles.
  [[nodiscard]] double LowerBound(size_t i) const noexcept {
    return std::ldexp(1.0, (first + static_cast<int32_t>(i)) * (1 << -scale));
  }

  int32_t scale;
  int32_t first = 0;
  size_t size = 0;
  std::array<double, kMostOfASide> counts{};
};

HistogramPoint ClassicBuckets::Of(const ExponentialPoint& point) noexcept {
  size_ = 0;
  waiting_ = 0;
  PushNegative(Merged(point.negative, point.scale));
  Push(0, point.zero_count);
  PushPositive(Merged(point.positive, point.scale));
  counts_[size_] = waiting_;
  return {.bounds = {bounds_.data(), size_},
          .counts = {counts_.data(), size_ + 1},
          .sum = point.sum,
          .has_negative = point.has_negative};
}

void ClassicBuckets::PushNegative(const Merged& side) noexcept {
  if (side.size == 0) return;
  Push(-side.LowerBound(side.size), 0);
  for (size_t i = side.size; i-- > 0;) Push(-side.LowerBound(i), side.counts[i]);
}

void ClassicBuckets::PushPositive(const Merged& side) noexcept {
  if (side.size == 0) return;
  Push(side.LowerBound(0), 0);
  for (size_t i = 0; i < side.size; ++i) Push(side.LowerBound(i + 1), side.counts[i]);
}

void ClassicBuckets::Push(double bound, double count) noexcept {
  waiting_ += count;
  // A bound beneath the smallest double is 0, which is there already or follows.
  const bool is_zero_again =
      bound == 0 && (std::signbit(bound) || (size_ > 0 && bounds_[size_ - 1] == 0));
  if (!std::isfinite(bound) || is_zero_again) return;
  bounds_[size_] = bound;
  counts_[size_] = waiting_;
  waiting_ = 0;
  ++size_;
}

}  // namespace metrics_runtime
