// The aggregations whose state is a number or two and whose snapshot is a number. For what all
// aggregations share see aggregation_options.h.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/aggregation/aggregation_options.h"
#include "core/exposition/number_store.h"
#include "core/exposition/point.h"
#include "core/value_writer.h"

namespace metrics_runtime {

// How many events there were; the values themselves do not matter.
class Count {
 public:
  using Input = double;
  explicit Count(const AggregationOptions&) noexcept {}

  void Record(double) noexcept { ++count_; }
  void Merge(const Count& other) noexcept { count_ += other.count_; }
  void Write(ValueWriter& writer) const { writer.Number(static_cast<double>(count_)); }
  [[nodiscard]] std::optional<Point> CopyTo(NumberStore&) const {
    return static_cast<double>(count_);
  }

 private:
  uint64_t count_ = 0;
};

// The plain double sum of the values, in the order they came. `sum` adds a field, `upDown` a step
// that the event's class fixes.
class Sum {
 public:
  using Input = double;
  explicit Sum(const AggregationOptions&) noexcept {}

  void Record(double value) noexcept { sum_ += value; }
  void Merge(const Sum& other) noexcept { sum_ += other.sum_; }
  void Write(ValueWriter& writer) const { writer.Number(sum_); }
  [[nodiscard]] std::optional<Point> CopyTo(NumberStore&) const { return sum_; }

 private:
  double sum_ = 0;
};

// The smallest value; null while there is none.
class Min {
 public:
  using Input = double;
  explicit Min(const AggregationOptions&) noexcept {}

  void Record(double value) noexcept { min_ = std::min(min_, value); }
  void Merge(const Min& other) noexcept { min_ = std::min(min_, other.min_); }
  void Write(ValueWriter& writer) const { writer.Number(value()); }
  [[nodiscard]] std::optional<Point> CopyTo(NumberStore&) const { return value(); }

 private:
  static constexpr double kNone = std::numeric_limits<double>::infinity();
  [[nodiscard]] std::optional<double> value() const noexcept {
    return min_ == kNone ? std::nullopt : std::optional(min_);
  }

  double min_ = kNone;
};

// The largest value; null while there is none.
class Max {
 public:
  using Input = double;
  explicit Max(const AggregationOptions&) noexcept {}

  void Record(double value) noexcept { max_ = std::max(max_, value); }
  void Merge(const Max& other) noexcept { max_ = std::max(max_, other.max_); }
  void Write(ValueWriter& writer) const { writer.Number(value()); }
  [[nodiscard]] std::optional<Point> CopyTo(NumberStore&) const { return value(); }

 private:
  static constexpr double kNone = -std::numeric_limits<double>::infinity();
  [[nodiscard]] std::optional<double> value() const noexcept {
    return max_ == kNone ? std::nullopt : std::optional(max_);
  }

  double max_ = kNone;
};

// The sum of the values divided by their number; null while there is none.
class Mean {
 public:
  using Input = double;
  explicit Mean(const AggregationOptions&) noexcept {}

  void Record(double value) noexcept {
    sum_ += value;
    ++count_;
  }
  void Merge(const Mean& other) noexcept {
    sum_ += other.sum_;
    count_ += other.count_;
  }
  void Write(ValueWriter& writer) const { writer.Number(value()); }
  [[nodiscard]] std::optional<Point> CopyTo(NumberStore&) const { return value(); }

 private:
  [[nodiscard]] std::optional<double> value() const noexcept {
    return count_ == 0 ? std::nullopt : std::optional(sum_ / static_cast<double>(count_));
  }

  double sum_ = 0;
  uint64_t count_ = 0;
};

// The value of the latest event; null while there is none. What is merged counts as the later part.
class Last {
 public:
  using Input = double;
  explicit Last(const AggregationOptions&) noexcept {}

  void Record(double value) noexcept { last_ = value; }
  void Merge(const Last& later) noexcept {
    if (later.last_.has_value()) last_ = later.last_;
  }
  void Write(ValueWriter& writer) const { writer.Number(last_); }
  [[nodiscard]] std::optional<Point> CopyTo(NumberStore&) const { return last_; }

 private:
  std::optional<double> last_;
};

}  // namespace metrics_runtime
