#include "core/aggregation/compensated_sum.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "support/random_values.h"

namespace metrics_runtime::test {

namespace {

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double SumOf(const std::vector<double>& values) {
  CompensatedSum sum;
  for (const double value : values) sum.Add(value);
  return sum.value();
}

double PlainSumOf(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

// How many of 200 orders have another sum than the first one.
template <typename Sum>
int OtherSums(std::vector<double> values, Sum&& sum_of) {
  std::mt19937_64 random(1);
  const double first = sum_of(values);
  int others = 0;
  for (int order = 0; order < 200; ++order) {
    std::ranges::shuffle(values, random);
    if (sum_of(values) != first) ++others;
  }
  return others;
}

}  // namespace

TEST_CASE("compensated sum: is 0 at first and exact for what doubles can hold") {
  CHECK(SumOf({}) == 0);
  CHECK(SumOf({0.5}) == 0.5);
  CHECK(SumOf({0.5, -0.5}) == 0);
  CHECK(SumOf({1e300, 1, -1e300}) == 1);
  CHECK(SumOf({1, 1e16, -1e16}) == 1);
  CHECK(SumOf({0x1p53, 1, 1}) == 0x1p53 + 2);
}

TEST_CASE("compensated sum: of ten tenths is one") {
  const std::vector<double> tenths(10, 0.1);
  CHECK(PlainSumOf(tenths) != 1);
  CHECK(SumOf(tenths) == 1);
}

TEST_CASE("compensated sum: is the same in every order where a plain one is not") {
  const auto different = [](RandomSource& random) {
    return std::ldexp(random.Uniform(), static_cast<int>(random.Uniform() * 40) - 20);
  };
  const auto ordinary = [](RandomSource& random) { return 0.1 * std::floor(random.Pareto(1)); };
  const auto signs = [](RandomSource& random) { return random.Normal() * 1e3; };
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    for (const auto& values : {Generated(1'000, seed, different), Generated(1'000, seed, ordinary),
                               Generated(1'000, seed, signs)}) {
      CHECK(OtherSums(values, PlainSumOf) > 0);
      CHECK(OtherSums(values, SumOf) == 0);
    }
  }
}

TEST_CASE("compensated sum: does not go down when a part of it grows by one rounding") {
  std::vector<double> parts =
      Generated(8, 3, [](RandomSource& random) { return 1e6 * random.Uniform(); });
  double before = SumOf(parts);
  RandomSource random(4);
  for (int n = 0; n < 10'000; ++n) {
    double& part = parts[static_cast<size_t>(random.Uniform() * 8)];
    part = std::nextafter(part, kInfinity);
    std::ranges::rotate(parts, parts.begin() + 1);
    const double now = SumOf(parts);
    REQUIRE(now >= before);
    before = now;
  }
}

TEST_CASE("compensated sum: beyond the doubles it is infinity and stays that") {
  CHECK(SumOf({kInfinity}) == kInfinity);
  CHECK(SumOf({kInfinity, 1, -1e300}) == kInfinity);
  CHECK(SumOf({1, -kInfinity, 1e300}) == -kInfinity);
  CHECK(SumOf({kLargest, kLargest}) == kInfinity);
  CHECK(SumOf({-kLargest, -kLargest, 1}) == -kInfinity);
  CHECK(std::isnan(SumOf({kInfinity, -kInfinity})));
  CHECK(SumOf({kLargest, 1}) == kLargest);
}

}  // namespace metrics_runtime::test
