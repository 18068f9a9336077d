// Random values that are the same on every platform, which those of the distributions of the
// standard library are not.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

namespace metrics_runtime::test {

class RandomSource {
 public:
  explicit RandomSource(uint64_t seed) : engine_(seed) {}

  // In (0, 1).
  double Uniform() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }
  double Normal() {
    const double radius = std::sqrt(-2 * std::log(Uniform()));
    return radius * std::cos(2 * std::numbers::pi * Uniform());
  }
  double LogNormal(double mu, double sigma) { return std::exp(mu + sigma * Normal()); }
  double Pareto(double shape) { return std::pow(Uniform(), -1 / shape); }

 private:
  std::mt19937_64 engine_;
};

inline std::vector<double> Generated(size_t count, uint64_t seed,
                                     const std::function<double(RandomSource&)>& next) {
  RandomSource source(seed);
  std::vector<double> values(count);
  std::ranges::generate(values, [&] { return next(source); });
  return values;
}

}  // namespace metrics_runtime::test
