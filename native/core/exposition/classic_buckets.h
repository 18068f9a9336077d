// An exponential histogram as one with explicit bounds, for formats and readers that know no other.
// The bounds are powers of two from the first bucket in use to the last, both ends of them, at both
// sides of 0, which is always among them; in ascending order
//
//   -2^(n+1) … -2^m, 0, 2^k … 2^(l+1)
//
// Counts are merged down to scale 0; at a scale below that the bounds are that scale's. A side with
// more than kMostOfASide buckets is merged further, two buckets to one. So the bounds of a
// histogram that grows stay and get more at their ends, until a side has too many or its scale
// falls below 0: then every second of them goes, and an end may move outwards to a bound that was
// none before.
//
// What is exact: a bucket of magnitudes is (b^i, b^(i+1)]. That of positive values is
// upper-inclusive as `le` is, so the counts at 0 and at all positive bounds are exact. That of
// negative ones is [-b^(i+1), -b^i), so the count at a negative bound is that of the values below
// it: those that are equal to it, negative powers of two to the last digit, are counted at the
// bound which follows.
//
// Threads: one at a time. No memory but its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/exposition/point.h"

namespace metrics_runtime {

class ClassicBuckets {
 public:
  static constexpr size_t kMostOfASide = 64;

  // A view of what this object has until the next call.
  [[nodiscard]] HistogramPoint Of(const ExponentialPoint& point) noexcept;

 private:
  struct Merged;

  void PushNegative(const Merged& side) noexcept;
  void PushPositive(const Merged& side) noexcept;
  // Where no bound is, beyond the doubles, a count waits for the next.
  void Push(double bound, double count) noexcept;

  size_t size_ = 0;
  double waiting_ = 0;
  std::array<double, 2 * (kMostOfASide + 1) + 1> bounds_;
  std::array<double, 2 * (kMostOfASide + 1) + 2> counts_;
};

}  // namespace metrics_runtime
