// An aggregation turns a stream of numbers into one value of a snapshot.
//
// Threads: one thread at a time. While the runtime runs that is the runtime thread; after it has
// ended, whoever holds the runtime's lock (see runtime/runtime.h).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/value_writer.h"

namespace metrics_runtime {

enum class AggregationKind { kCount, kSum, kUpDown, kHistogram };

class Aggregation {
 public:
  virtual ~Aggregation() = default;
  Aggregation(const Aggregation&) = delete;
  Aggregation& operator=(const Aggregation&) = delete;

  // Takes one event's value. Finite: producers refuse everything else.
  virtual void Record(double value) noexcept = 0;
  virtual void Write(ValueWriter& writer) const = 0;

 protected:
  Aggregation() = default;
};

// How many events there were; the values themselves do not matter.
class CountAggregation final : public Aggregation {
 public:
  void Record(double) noexcept override { ++count_; }
  void Write(ValueWriter& writer) const override;

 private:
  uint64_t count_ = 0;
};

// The plain double sum of the values, in the order they came. `sum` adds a field, `upDown` a step
// that the event's class fixes.
class SumAggregation final : public Aggregation {
 public:
  void Record(double value) noexcept override { sum_ += value; }
  void Write(ValueWriter& writer) const override;

 private:
  double sum_ = 0;
};

// `bounds` are used by kHistogram alone.
[[nodiscard]] std::unique_ptr<Aggregation> MakeAggregation(AggregationKind kind,
                                                           const std::vector<double>& bounds);

}  // namespace metrics_runtime
