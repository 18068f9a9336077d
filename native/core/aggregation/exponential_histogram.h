// A histogram whose buckets grow by a constant factor and find their own place: the base-2
// exponential histogram (OpenTelemetry, metrics data model, ExponentialHistogram). See
// exponential_index.h for which bucket is whose. The scale is the finest, from 8 downwards, at
// which the buckets from the first in use to the last are at most `max_size`, for each sign.
//
// Snapshot: { scale, zeroCount, positive: { offset, counts: [] }, negative: { offset, counts: [] },
// count, sum, min, max }. `counts` from the first bucket in use to the last, `offset` the index of
// the first (0 when there is none), of magnitudes for the negative ones; min and max null while it
// is empty.
//
// The order of values and of merges does not matter, but for the rounding of the sum. Memory: 8
// bytes for each bucket of a window that starts with 8 buckets, doubles as it must and ends with
// max_size; none for a sign that has no value.
//
// Threads: one at a time.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/aggregation/aggregation_options.h"
#include "core/aggregation/exponential_index.h"
#include "core/aggregation/exponential_slots.h"
#include "core/aggregation/value_summary.h"
#include "core/exposition/number_store.h"
#include "core/exposition/point.h"
#include "core/value_writer.h"

namespace metrics_runtime {

class ExponentialHistogram {
 public:
  using Input = double;

  // Reads max_size, 2 … 4096.
  explicit ExponentialHistogram(const AggregationOptions& options) : max_size_(options.max_size) {}

  // `value` is finite. Throws std::bad_alloc, and then nothing has changed.
  void Record(double value);
  // As if everything that `other` recorded had been recorded here, but never at a finer scale than
  // that of `other`; max_size stays. `other` may be this one. Throws std::bad_alloc, and then
  // nothing has changed.
  void Merge(const ExponentialHistogram& other);
  // The same for counts that a thread may be adding to; each is taken as it is when it is looked
  // at. Returns their sum.
  uint64_t MergeCounts(const ExponentialSlots& slots);
  // The same without memory, at a scale at which all fits into the windows that there are: after
  // Reserve.
  uint64_t MergeCountsInPlace(const ExponentialSlots& slots) noexcept;
  // What belongs to counts that came by MergeCounts.
  void MergeSummary(uint64_t zero_count, const ValueSummary& summary) noexcept {
    zero_count_ += zero_count;
    summary_.Merge(summary);
  }
  // Makes the shortest windows that hold everything at some scale, for those signs that have
  // buckets in `slots`. Throws std::bad_alloc.
  void Reserve(const ExponentialSlots& slots);
  void Write(ValueWriter& writer) const { Write(writer, summary_.sum); }
  // With another sum than that of the values which were recorded here.
  void Write(ValueWriter& writer, double sum) const;
  [[nodiscard]] std::optional<Point> CopyTo(NumberStore& numbers) const {
    return CopyTo(numbers, summary_.sum);
  }
  [[nodiscard]] ExponentialPoint CopyTo(NumberStore& numbers, double sum) const;

  [[nodiscard]] size_t heap_bytes() const noexcept {
    return buckets_[kPositive].heap_bytes() + buckets_[kNegative].heap_bytes();
  }

 private:
  // The indexes first … last at some scale; last < first: none.
  struct Range {
    [[nodiscard]] bool empty() const noexcept { return last < first; }
    [[nodiscard]] size_t width() const noexcept {
      return static_cast<size_t>(int64_t{last} - first + 1);
    }
    [[nodiscard]] Range Downscaled(int by) const noexcept { return {first >> by, last >> by}; }
    [[nodiscard]] Range With(Range other) const noexcept;

    int32_t first = 0;
    int32_t last = -1;  // stays below `first` however often it is halved
  };

  // The counts of one sign: a window of indexes that is moved and extended as they come.
  class Buckets {
   public:
    // False when the window does not reach there.
    [[nodiscard]] bool Increment(int32_t index) noexcept;
    [[nodiscard]] Range Used() const noexcept;
    // What Cover needs, empty when the window is long enough.
    [[nodiscard]] std::vector<uint64_t> RoomFor(Range range, size_t max_size) const;
    // Lowers the scale by `by`; then the window reaches over `range`, which has all in use within.
    void Cover(Range range, int by, std::vector<uint64_t>&& room) noexcept;
    // The window reaches there.
    [[nodiscard]] uint64_t& At(int32_t index) noexcept {
      return counts_[static_cast<size_t>(index - base_)];
    }
    [[nodiscard]] uint64_t At(int32_t index) const noexcept {
      return counts_[static_cast<size_t>(index - base_)];
    }
    void Reserve() { counts_.resize(std::max(kLeastSize, counts_.size())); }
    [[nodiscard]] size_t size() const noexcept { return counts_.size(); }
    void Write(ValueWriter& writer) const;
    [[nodiscard]] ExponentialPoint::Side CopyTo(NumberStore& numbers) const;

    [[nodiscard]] uint64_t Total() const noexcept;
    [[nodiscard]] size_t heap_bytes() const noexcept { return counts_.capacity() * kCountBytes; }

   private:
    static constexpr size_t kFirstSize = 8;  // a cache line
    static constexpr size_t kLeastSize = 2;  // what there is at the coarsest scale
    static constexpr size_t kCountBytes = sizeof(uint64_t);

    void Downscale(int by) noexcept;

    std::vector<uint64_t> counts_;
    int32_t base_ = 0;  // the index of counts_[0]
  };

  // By sign. An array, because a branch on the sign of a stream of both is seldom predicted.
  static constexpr size_t kPositive = 0;
  static constexpr size_t kNegative = 1;
  using Ranges = std::array<Range, 2>;
  using Sizes = std::array<size_t, 2>;

  // Lowers the scale by at least `by`, and then as far as these ranges (at the scale lower by `by`,
  // with all in use within) need to be at most so wide, and covers them. Throws std::bad_alloc
  // before anything changed; nothing, when the windows are so long.
  void Cover(Ranges ranges, int by, Sizes most);

  // Adds the counts at the indexes `used`, at some scale, in windows that reach there. Throws
  // std::bad_alloc before anything changed.
  template <typename CountAt>
  void Add(int scale, const Ranges& used, Sizes most, CountAt&& count_at);
  uint64_t MergeCounts(const ExponentialSlots& slots, Sizes most);

  uint32_t max_size_;
  int scale_ = kMaxExponentialScale;
  uint64_t zero_count_ = 0;
  std::array<Buckets, 2> buckets_;
  ValueSummary summary_;
};

}  // namespace metrics_runtime
