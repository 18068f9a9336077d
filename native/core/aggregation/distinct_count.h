// How many different keys were seen: HyperLogLog (Flajolet, Fusy, Gandouet, Meunier, 2007) over
// 4096 registers, in two forms.
//
// Up to 768 keys it is a set of coupons, 26 bits of the hash and the rank of its other 38 bits (the
// position of the first 1 of them), after the sparse form of Heule, Nunkesser, Hall ("HyperLogLog
// in Practice", EDBT 2013). Linear counting over 2^26 makes that practically exact: two of 768 keys
// have the same 26 bits once in 228 times. Beyond, each coupon goes into the register that its
// first 12 bits name, which keeps the highest rank of the other 52. The estimate is the improved
// raw estimator of Ertl ("New cardinality estimation algorithms for HyperLogLog sketches",
// arXiv:1702.01284), unbiased over the whole range; its standard error is
// 1.04 / sqrt(4096) = 1.625 %.
//
// The state is a function of the set of hashes, whatever their order and however they were merged:
// of coupons with the same 26 bits only the one of the highest rank is kept, and their number alone
// decides the form. So to merge is commutative, associative and idempotent, exactly.
//
// Memory: nothing while it is empty, then 64 bytes for up to 12 keys, doubling to 4096 bytes.
//
// Snapshot: a number, the estimate rounded to an integer; 0 while it is empty. Not thread-safe.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/aggregation/aggregation_options.h"
#include "core/exposition/number_store.h"
#include "core/exposition/point.h"
#include "core/value_writer.h"

namespace metrics_runtime {

class DistinctCount {
 public:
  using Input = uint64_t;

  explicit DistinctCount(const AggregationOptions& /*options*/) {}

  // Both throw std::bad_alloc and have then changed nothing. `hash`: 64 well mixed bits of the key.
  void Record(uint64_t hash);
  void Merge(const DistinctCount& other);

  void Write(ValueWriter& writer) const;
  [[nodiscard]] std::optional<Point> CopyTo(NumberStore& numbers) const {
    numbers.LookedAt(registers_.size());
    return value();
  }

  [[nodiscard]] double Estimate() const noexcept;
  [[nodiscard]] size_t heap_bytes() const noexcept;

 private:
  [[nodiscard]] double value() const noexcept { return std::round(Estimate()); }
  [[nodiscard]] bool dense() const noexcept { return !registers_.empty(); }
  void Insert(uint32_t coupon);
  // Where the coupon with the same index is, or else the free slot to put it; there is one.
  [[nodiscard]] uint32_t& SlotOf(uint32_t coupon) noexcept;
  void GrowSlots();
  void MakeDense();
  void RaiseRegister(uint32_t coupon) noexcept;
  [[nodiscard]] double DenseEstimate() const noexcept;

  std::vector<uint32_t> slots_;     // open addressing; 0 is free, as a rank is 1 at least
  std::vector<uint8_t> registers_;  // empty up to kMostCoupons
  uint32_t coupons_ = 0;            // in slots_
};

}  // namespace metrics_runtime
