// What the slots mean that JavaScript threads write for a series of an instrument, and how those of
// several threads come to one value.
//
//   kind         slots of one thread            the value over threads
//   kSum         sum                            the sum
//   kGauge       value, sequence                kLast: that with the highest sequence; else the
//                                               sum, least or greatest. Sequence 0: never set
//   kHistogram   sum, min, max, a count for     sums, least, greatest; the number of values is that
//                each bucket, the last one      of all buckets
//                unbounded
//   kExponential sum, min, max, count of zeros; likewise; the buckets at the finest scale at which
//                elsewhere, the counts of       all of them fit
//                buckets (ExponentialSlots)
//
// A thread writes the slots of one recording from left to right, each whole; so a reader may see a
// sum without the count that belongs to it, but no number that was never written.
//
// Threads: immutable, any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/aggregation/compensated_sum.h"
#include "core/aggregation/exponential_histogram.h"
#include "core/aggregation/exponential_slots.h"
#include "core/exposition/number_store.h"
#include "core/exposition/point.h"
#include "core/value_writer.h"

namespace metrics_runtime {

// What threads have written for one series, together.
struct SlotTotal {
  SlotTotal() = default;
  // Throws std::bad_alloc.
  SlotTotal(const SlotTotal& other)
      : sum(other.sum),
        numbers(other.numbers),
        exponential(other.exponential == nullptr
                        ? nullptr
                        : std::make_unique<ExponentialHistogram>(*other.exponential)) {}
  SlotTotal(SlotTotal&&) noexcept = default;
  SlotTotal& operator=(const SlotTotal&) = delete;
  SlotTotal& operator=(SlotTotal&&) noexcept = default;

  CompensatedSum sum;           // but for gauges
  std::vector<double> numbers;  // the slots; that of the sum is not used
  std::unique_ptr<ExponentialHistogram> exponential;
};

class SlotMeaning {
 public:
  // The numbers cross to JavaScript; src/instruments/instrument-kinds.ts repeats them.
  enum class Kind : uint32_t { kSum = 0, kGauge = 1, kHistogram = 2, kExponential = 3 };
  enum class Combine : uint32_t { kLast = 0, kSum = 1, kMin = 2, kMax = 3 };

  struct Options {
    Kind kind = Kind::kSum;
    Combine combine = Combine::kLast;  // of a gauge
    std::vector<double> bounds = {};   // of a histogram
    uint32_t max_size = 160;           // of an exponential one: buckets for each sign, 2 … 4096
  };
  explicit SlotMeaning(Options options);

  // How many slots a thread has for each series.
  [[nodiscard]] size_t width() const noexcept { return width_; }
  [[nodiscard]] Kind kind() const noexcept { return options_.kind; }
  // Whether the thread counts in buckets elsewhere.
  [[nodiscard]] bool has_buckets() const noexcept { return options_.kind == Kind::kExponential; }
  [[nodiscard]] uint32_t max_size() const noexcept { return options_.max_size; }
  // What no thread has written to. Throws std::bad_alloc.
  [[nodiscard]] SlotTotal Nothing() const;
  // Adds what one thread has written; `buckets`: nullptr where it has none yet. Throws
  // std::bad_alloc.
  void Add(SlotTotal& total, const double* slots, const ExponentialSlots* buckets = nullptr) const;
  // The same for a total for which Reserve was called with these buckets: should memory be refused,
  // it comes at a coarser scale.
  void Fold(SlotTotal& total, const double* slots, const ExponentialSlots* buckets) const noexcept;
  // Throws std::bad_alloc.
  void Reserve(SlotTotal& total, const ExponentialSlots& buckets) const {
    total.exponential->Reserve(buckets);
  }
  // Whether it stays when its thread has ended.
  [[nodiscard]] bool outlives_its_thread() const noexcept {
    return options_.kind != Kind::kGauge || options_.combine == Combine::kLast;
  }
  // Of a gauge: whether a thread has set it.
  [[nodiscard]] static bool IsSet(const SlotTotal& total) noexcept;
  // A number, null for a gauge that was never set; or as ExplicitHistogram, ExponentialHistogram.
  void Write(ValueWriter& writer, const SlotTotal& total) const;
  // The same, copied: nullopt for a gauge that was never set. The bounds of a histogram live here.
  // Throws std::bad_alloc.
  [[nodiscard]] std::optional<Point> CopyTo(NumberStore& numbers, const SlotTotal& total) const;

 private:
  void AddGauge(std::vector<double>& total, const double* slots) const noexcept;
  void AddHistogram(SlotTotal& total, const double* slots) const noexcept;
  // `merge`: of the counts in the buckets; returns how many they are.
  template <typename Merge>
  void AddExponential(SlotTotal& total, const double* slots, Merge&& merge) const;
  void WriteHistogram(ValueWriter& writer, const SlotTotal& total) const;

  const Options options_;
  const size_t width_;
};

}  // namespace metrics_runtime
