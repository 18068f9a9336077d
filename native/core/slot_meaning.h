// What the slots mean that JavaScript threads write for a series of an instrument, and how those of
// several threads come to one value.
//
//   kind       slots of one thread              the value over threads
//   kSum       sum                              the sum
//   kGauge     value, sequence                  kLast: the value with the highest sequence; else
//   the
//                                               sum, least or greatest. Sequence 0: never set
//   kHistogram sum, min, max, a count for each  sums, least, greatest; the number of values is that
//              bucket, the last one unbounded   of all buckets
//
// A thread writes the slots of one recording from left to right, each whole; so a reader may see a
// sum without the count that belongs to it, but no number that was never written.
//
// Threads: immutable, any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/value_writer.h"

namespace metrics_runtime {

class SlotMeaning {
 public:
  // The numbers cross to JavaScript; src/instruments/instrument-kinds.ts repeats them.
  enum class Kind : uint32_t { kSum = 0, kGauge = 1, kHistogram = 2 };
  enum class Combine : uint32_t { kLast = 0, kSum = 1, kMin = 2, kMax = 3 };

  // `combine`: of a gauge; `bounds`: of a histogram.
  SlotMeaning(Kind kind, Combine combine, std::vector<double> bounds);

  // How many slots a thread has for each series.
  [[nodiscard]] size_t width() const noexcept { return width_; }
  // What no thread has written to. Throws std::bad_alloc.
  [[nodiscard]] std::vector<double> Nothing() const;
  // Adds what one thread has written to `total`, which has the same width.
  void Add(std::span<double> total, const double* slots) const noexcept;
  // Whether it stays when its thread has ended.
  [[nodiscard]] bool outlives_its_thread() const noexcept {
    return kind_ != Kind::kGauge || combine_ == Combine::kLast;
  }
  // A number, null for a gauge that was never set; or as ExplicitHistogram.
  void Write(ValueWriter& writer, std::span<const double> total) const;

 private:
  void AddGauge(std::span<double> total, const double* slots) const noexcept;
  void AddHistogram(std::span<double> total, const double* slots) const noexcept;
  void WriteHistogram(ValueWriter& writer, std::span<const double> total) const;

  const Kind kind_;
  const Combine combine_;
  const std::vector<double> bounds_;
  const size_t width_;
};

}  // namespace metrics_runtime
