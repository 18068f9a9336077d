#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "core/aggregation/distinct_count.h"
#include "support/distinct_keys.h"

namespace metrics_runtime::test {

namespace {

constexpr double kStandardError = 0.01625;  // 1.04 / sqrt(4096)

// {(estimate - n) / n for each n} for one seed.
std::vector<double> RelativeErrors(uint64_t seed, const std::vector<uint64_t>& numbers) {
  DistinctCount count{AggregationOptions{}};
  std::vector<double> errors;
  uint64_t key = 0;
  for (const uint64_t number : numbers) {
    while (key < number) count.Record(HashOf(seed, key++));
    const auto exact = static_cast<double>(number);
    errors.push_back((count.Estimate() - exact) / exact);
  }
  return errors;
}

// For each number the errors of the seeds 1 … seeds.
std::vector<std::vector<double>> ErrorsOfNumbers(const std::vector<uint64_t>& numbers,
                                                 size_t seeds) {
  std::vector<std::vector<double>> errors_of_number(numbers.size());
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    const std::vector<double> errors = RelativeErrors(seed, numbers);
    for (size_t i = 0; i < numbers.size(); ++i) errors_of_number[i].push_back(errors[i]);
  }
  return errors_of_number;
}

// Several for each decade, 1000 … limit.
std::vector<uint64_t> Decades(uint64_t limit) {
  std::vector<uint64_t> numbers;
  for (uint64_t decade = 1000; decade <= limit; decade *= 10) {
    for (const uint64_t tenths : {10u, 15u, 20u, 30u, 50u, 70u}) {
      if (decade * tenths / 10 <= limit) numbers.push_back(decade * tenths / 10);
    }
  }
  return numbers;
}

double RootMeanSquare(const std::vector<double>& values) {
  const double squares = std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

// The seeds were chosen before anything was run. Errors of one seed at different counts are far
// from independent; of 35 checks 0.1 are expected beyond 3 standard errors if they were.
TEST_CASE("distinct count: around the change of form is within 3 standard errors") {
  std::vector<uint64_t> numbers = {1, 2, 3, 10, 100, 500, 768, 769, 770, 800, 850, 900, 950, 1000};
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const std::vector<double> errors = RelativeErrors(seed, numbers);
    for (size_t i = 0; i < numbers.size(); ++i) {
      CAPTURE(seed);
      CAPTURE(numbers[i]);
      CHECK(std::abs(errors[i]) <= 3 * (numbers[i] <= 768 ? 1e-5 : kStandardError));
    }
  }
}

// The error of a count as small as 1000 is 0.7 standard errors; it reaches 1 at about 50000.
TEST_CASE("distinct count: over 200 seeds is unbiased and has the stated standard error") {
  constexpr size_t kSeeds = 200;
  const std::vector<uint64_t> numbers = Decades(100'000);
  const auto errors_of_number = ErrorsOfNumbers(numbers, kSeeds);
  double worst_bias = 0;
  double worst_error = 0;
  for (size_t i = 0; i < numbers.size(); ++i) {
    const double bias = std::abs(Mean(errors_of_number[i]));
    const double error = RootMeanSquare(errors_of_number[i]);
    CAPTURE(numbers[i]);
    CHECK(bias <= 3 * kStandardError / std::sqrt(kSeeds));
    CHECK(error <= 1.17 * kStandardError);  // chi-squared of 200: one in a thousand is beyond 1.16
    CHECK(error >= (numbers[i] < 50'000 ? 0.55 : 0.83) * kStandardError);
    worst_bias = std::max(worst_bias, bias);
    worst_error = std::max(worst_error, error);
  }
  MESSAGE("worst of " << numbers.size() << " counts: bias " << worst_bias << ", error "
                      << worst_error);
}

// Beyond 3 standard errors are 0.27 % of normal errors; those of one seed come in runs, as nearby
// counts share most of their registers.
TEST_SUITE("slow") {
  TEST_CASE("distinct count: up to ten million keys has the stated standard error") {
    constexpr size_t kSeeds = 20;
    const std::vector<uint64_t> numbers = Decades(10'000'000);
    const auto errors_of_number = ErrorsOfNumbers(numbers, kSeeds);
    size_t beyond_3 = 0;
    double worst = 0;
    for (size_t i = 0; i < numbers.size(); ++i) {
      CAPTURE(numbers[i]);
      for (const double error : errors_of_number[i]) {
        if (std::abs(error) > 3 * kStandardError) ++beyond_3;
        worst = std::max(worst, std::abs(error) / kStandardError);
      }
      CHECK(std::abs(Mean(errors_of_number[i])) <= 3 * kStandardError / std::sqrt(kSeeds));
      CHECK(RootMeanSquare(errors_of_number[i]) <= 1.5 * kStandardError);  // 1.505: one in 1000
    }
    MESSAGE(beyond_3 << " of " << kSeeds * numbers.size() << " errors beyond 3 standard errors, "
                     << "the worst " << worst);
    CHECK(beyond_3 <= kSeeds * numbers.size() / 100);
    CHECK(worst <= 5);
  }
}

}  // namespace metrics_runtime::test
