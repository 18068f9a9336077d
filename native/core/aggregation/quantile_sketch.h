// Quantiles with a bounded relative error: DDSketch (Masson, Rim, Lee: "DDSketch: A Fast and
// Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", PVLDB 12(12), 2019).
//
// With a = relative_error and gamma = (1 + a) / (1 - a), bin k counts the magnitudes in
// (gamma^(k-1), gamma^k] and stands for 2 * gamma^k / (gamma + 1), which is within the fraction a
// of all of them. Negative values have bins of their own. Magnitudes below the smallest normal
// double (2.2e-308) count as zeros.
//
// The quantile q of n values is the one of rank floor(q * (n - 1)), counted from 0, ascending, as
// in the paper. The first and the last rank are min and max, exactly; the others are never outside.
//
// Memory: 8 bytes for a bin, for each sign a power of two of bins, from 16 to the limit, as many as
// the keys from the smallest to the largest magnitude seen. The limit lets them be at least 10^9
// apart, and is 2048 at least:
//
//   relative_error          0.01      0.001      0.0001
//   bins in a decade        115       1151       11513
//   limit                   2048      16384      131072
//   (bytes)                 (16 KiB)  (128 KiB)  (1 MiB)
//   largest : smallest      6.0e17    1.7e14     2.4e11
//
// Beyond the limit the bins of the smallest magnitudes collapse into the lowest one that is kept.
// The bound then holds for the values within that ratio of the largest magnitude of their sign: of
// positive values the low quantiles lose it, of negative values the high ones, of both those next
// to zero. What is lost comes out too far from zero, and its rank among the others is kept.
//
// Snapshot: { count, sum, min, max, quantiles: { "<name>": value, ... } } in the order of the
// options; while it is empty count and sum are 0, the others null.
//
// The bins are a function of the values, whatever their order and however they were merged, when
// they collapsed as well; the sum alone depends on the order, by its rounding. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "core/aggregation/aggregation_options.h"
#include "core/aggregation/value_summary.h"
#include "core/exposition/number_store.h"
#include "core/exposition/point.h"
#include "core/value_writer.h"

namespace metrics_runtime {

class QuantileSketch {
 public:
  using Input = double;

  // `options` must outlive the sketch.
  explicit QuantileSketch(const AggregationOptions& options);

  // Both throw std::bad_alloc and have then changed nothing. `value` is finite; `other` has the
  // same options.
  void Record(double value);
  void Merge(const QuantileSketch& other);

  void Write(ValueWriter& writer) const;
  [[nodiscard]] std::optional<Point> CopyTo(NumberStore& numbers) const;

  [[nodiscard]] size_t heap_bytes() const noexcept;

 private:
  // The bins of one sign. The bin of a key is at the key modulo their number, so that neither end
  // of the range in use has to be moved when the other grows or collapses.
  class Bins {
   public:
    // From one end of the bins to the other, once.
    class Walk {
     public:
      enum Direction : int32_t { kUp = 1, kDown = -1 };

      // `bins` outlives it and does not change.
      Walk(const Bins& bins, Direction direction) noexcept;
      // The key of the value of this rank in that direction, counted from 0; rank < total(), and
      // not less than in the call before.
      [[nodiscard]] int32_t KeyOf(uint64_t rank) noexcept;

     private:
      const Bins& bins_;
      const Direction direction_;
      int32_t key_;
      uint64_t passed_ = 0;  // values up to this key
    };

    // `limit`: how many there may be, a power of two. Both throw and have then changed nothing.
    void Add(int32_t key, uint32_t limit);
    void Merge(const Bins& other, uint32_t limit);

    [[nodiscard]] uint64_t total() const noexcept { return total_; }
    [[nodiscard]] size_t size() const noexcept { return bins_.size(); }
    [[nodiscard]] size_t heap_bytes() const noexcept { return bins_.capacity() * sizeof(uint64_t); }

   private:
    static constexpr size_t kLeastBins = 16;

    [[nodiscard]] size_t IndexOf(int32_t key) const noexcept {
      return static_cast<uint32_t>(key) & (bins_.size() - 1);
    }
    // Makes room for the keys from `low` to `high`, those below what the limit lets be kept
    // excepted.
    void Extend(int32_t low, int32_t high, uint32_t limit);
    void Collapse(int32_t low) noexcept;

    std::vector<uint64_t> bins_;  // 0 outside of the range in use
    uint64_t total_ = 0;
    // The bins at both ends of the range are not empty; low above high while all of them are.
    int32_t lowest_ = std::numeric_limits<int32_t>::max();
    int32_t highest_ = std::numeric_limits<int32_t>::min();
  };

  [[nodiscard]] int32_t KeyOf(double magnitude) const noexcept;
  [[nodiscard]] double ValueOf(int32_t key) const noexcept;
  [[nodiscard]] uint64_t count() const noexcept;
  // All that were asked for, in that order; NaN while there is no value. Throws std::bad_alloc.
  void FillQuantiles(std::span<double> values) const;

  const AggregationOptions* options_;
  double keys_per_e_;  // 1 / ln(gamma)
  uint32_t limit_;     // of bins for each sign
  Bins positive_;
  Bins negative_;
  uint64_t zeros_ = 0;
  ValueSummary summary_;
};

}  // namespace metrics_runtime
