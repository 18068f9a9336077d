// What a JavaScript thread writes for one series of an exponential histogram: slots, and buckets in
// windows at the finest scale at which its values fit.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/aggregation/exponential_slots.h"
#include "core/value_writer.h"

namespace metrics_runtime::test {

class ExponentialThread {
 public:
  // The windows have `spare` buckets more than they need on either side, as far as max_size allows.
  ExponentialThread(uint32_t max_size, const std::vector<double>& values, int32_t spare = 0);
  ExponentialThread(const ExponentialThread&) = delete;
  ExponentialThread& operator=(const ExponentialThread&) = delete;

  [[nodiscard]] const double* slots() const noexcept { return slots_.data(); }
  // Good while this lives.
  [[nodiscard]] ExponentialSlots buckets() const noexcept { return buckets_; }
  // Sum, least, greatest, zeros.
  [[nodiscard]] double& slot(size_t at) { return slots_[at]; }
  // Of the sign, 0 for positive.
  [[nodiscard]] std::vector<double>& counts(size_t sign) { return counts_[sign]; }

 private:
  std::array<double, 4> slots_;
  std::array<std::vector<double>, 2> counts_;
  ExponentialSlots buckets_;
};

}  // namespace metrics_runtime::test
