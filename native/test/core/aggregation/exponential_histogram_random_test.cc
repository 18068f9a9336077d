#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

#include "core/aggregation/exponential_histogram.h"
#include "support/exponential_histogram_model.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

// Numbers of some shape that a stream may have; `shape` 0 … 5.
std::vector<double> Values(int shape, size_t count, std::mt19937_64& random) {
  std::normal_distribution<double> normal(0, 1);
  const double width = std::exp2(static_cast<double>(random() % 10) - 5);
  std::vector<double> values;
  while (values.size() < count) {
    const double around = std::exp(normal(random) * width);
    double value = 0;
    if (shape == 0) value = around;
    if (shape == 1) value = random() % 2 == 0 ? around : -around;
    if (shape == 2) value = random() % 4 == 0 ? 0.0 : -around;
    if (shape == 3) value = std::bit_cast<double>(random());
    if (shape == 4) value = std::bit_cast<double>(random() >> (12 + random() % 50));  // subnormal
    if (shape == 5) value = static_cast<double>(values.size() + 1);                   // ascending
    // So that no sum overflows.
    if (std::isfinite(value)) values.push_back(value * 0x1p-20);
  }
  return values;
}

}  // namespace

TEST_CASE("exponential histogram: is what a model of maps makes of random values") {
  std::mt19937_64 random(4);
  for (const uint32_t max_size : {2u, 3u, 8u, 20u, 160u, 1000u, 4096u}) {
    for (int shape = 0; shape <= 5; ++shape) {
      for (const size_t count : {2u, 10u, 1000u}) {
        CAPTURE(max_size);
        CAPTURE(shape);
        CAPTURE(count);
        const std::vector<double> values = Values(shape, count, random);
        CHECK(TextOf(Recorded(max_size, values)) == ModelText(max_size, values));
      }
    }
  }
}

TEST_CASE("exponential histogram: merged parts are the whole") {
  std::mt19937_64 random(5);
  for (const uint32_t max_size : {2u, 3u, 20u, 160u, 4096u}) {
    for (int round = 0; round < 60; ++round) {
      CAPTURE(max_size);
      CAPTURE(round);
      const size_t parts = 1 + random() % 5;
      ExponentialHistogram merged(OfSize(max_size));
      std::vector<double> all;
      double sum_of_magnitudes = 0;
      for (size_t part = 0; part < parts; ++part) {
        const auto shape = static_cast<int>(random() % 6);
        const std::vector<double> values = Values(shape, random() % 200, random);
        merged.Merge(Recorded(max_size, values));
        all.insert(all.end(), values.begin(), values.end());
        for (const double value : values) sum_of_magnitudes += std::abs(value);
      }
      const double sum = std::accumulate(all.begin(), all.end(), 0.0);
      CHECK(std::abs(SumOf(merged) - sum) <= sum_of_magnitudes * 1e-12);
      CHECK(TextOf(merged) == ModelText(max_size, all, SumOf(merged)));
    }
  }
}

}  // namespace metrics_runtime::test
