// A sum of doubles that does not depend on their order, as long as 106 bits can hold it: what an
// addition rounds off is kept and added in the end (T. J. Dekker, "A floating-point technique for
// extending the available precision", 1971; D. E. Knuth's TwoSum). So the sum over threads does not
// go down by a rounding when one of them ends and another order of additions begins.
#pragma once

#include <cmath>

namespace metrics_runtime {

class CompensatedSum {
 public:
  void Add(double value) noexcept {
    const double sum = sum_ + value;
    const double of_value = sum - sum_;
    const double lost = (sum_ - (sum - of_value)) + (value - of_value);
    sum_ = sum;
    // Beyond the range of doubles there is nothing to compensate.
    rest_ = std::isfinite(sum) ? rest_ + lost : 0;
  }
  [[nodiscard]] double value() const noexcept { return sum_ + rest_; }

 private:
  double sum_ = 0;
  double rest_ = 0;
};

}  // namespace metrics_runtime
