// Families within what Renderer and point.h promise of them, and no more: texts are any bytes,
// numbers any double, counts whole and below 2^53. They live as long as this object.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/aggregation/exponential_index.h"
#include "core/exposition/names.h"
#include "support/rendered.h"

namespace metrics_runtime::fuzz {

class FamiliesFrom {
 public:
  explicit FamiliesFrom(FuzzedDataProvider& input) : input_(input) {
    for (int i = 0; i < 4 && input_.remaining_bytes() > 0; ++i) AddFamily(i);
  }

  std::vector<test::TestFamily> all;

 private:
  static constexpr size_t kMostText = 64;
  static constexpr double kCreated = 1'700'000'000.25;

  void AddFamily(int number) {
    constexpr std::array kTypes = {FamilyType::kCounter, FamilyType::kGauge, FamilyType::kHistogram,
                                   FamilyType::kExponentialHistogram, FamilyType::kSummary};
    const FamilyType type = input_.PickValueInArray(kTypes);
    const std::string name = "f" + std::to_string(number) + Text();
    const std::array<std::string_view, 1> parts{name};
    all.push_back({MakeFamily("", parts, type, Text(), Text()), {}});
    for (size_t left = input_.ConsumeIntegralInRange<size_t>(0, 4); left > 0; --left) {
      AddSeries(all.back());
    }
  }
  // The first label makes it differ from all others.
  void AddSeries(test::TestFamily& family) {
    std::vector<Label> labels = {{"series", Kept(std::to_string(series_++))}};
    for (size_t i = input_.ConsumeIntegralInRange<size_t>(0, 3); i > 0; --i) {
      labels.push_back({Kept("l" + std::to_string(i)), Kept(Text())});
    }
    family.series.push_back({std::move(labels), PointOf(family.family.type), kCreated});
  }

  Point PointOf(FamilyType type) {
    switch (type) {
      case FamilyType::kCounter:
      case FamilyType::kGauge:
        break;
      case FamilyType::kHistogram: {
        const std::span<const double> bounds = Bounds();
        return HistogramPoint{.bounds = bounds,
                              .counts = Counts(bounds.size() + 1),
                              .sum = Number(),
                              .has_negative = input_.ConsumeBool()};
      }
      case FamilyType::kExponentialHistogram: {
        const auto scale =
            input_.ConsumeIntegralInRange<int32_t>(kMinExponentialScale, kMaxExponentialScale);
        return ExponentialPoint{.scale = scale,
                                .has_negative = input_.ConsumeBool(),
                                .zero_count = Count(),
                                .positive = Side(scale),
                                .negative = Side(scale),
                                .sum = Number()};
      }
      case FamilyType::kSummary: {
        std::vector<double>& quantiles = numbers_.emplace_back();
        std::vector<double>& values = numbers_.emplace_back();
        for (size_t i = input_.ConsumeIntegralInRange<size_t>(0, 4); i > 0; --i) {
          quantiles.push_back(input_.ConsumeProbability<double>());
          values.push_back(Number());
        }
        return SummaryPoint{.quantiles = quantiles,
                            .values = values,
                            .count = Count(),
                            .sum = Number(),
                            .has_negative = input_.ConsumeBool()};
      }
    }
    return Number();
  }
  std::span<const double> Bounds() {
    std::vector<double>& bounds = numbers_.emplace_back();
    for (size_t i = input_.ConsumeIntegralInRange<size_t>(0, 8); i > 0; --i) {
      if (const double bound = Number(); std::isfinite(bound)) bounds.push_back(bound);
    }
    std::ranges::sort(bounds);
    const auto repeated = std::ranges::unique(bounds);
    bounds.erase(repeated.begin(), repeated.end());
    return bounds;
  }
  std::span<const double> Counts(size_t size) {
    std::vector<double>& counts = numbers_.emplace_back(size);
    for (double& count : counts) count = Count();
    return counts;
  }
  // Indexes that doubles have at this scale, and a window beyond them.
  ExponentialPoint::Side Side(int32_t scale) {
    const int32_t most = scale >= 0 ? 1'100 << scale : 1'100 >> -scale;
    const auto offset = input_.ConsumeIntegralInRange<int32_t>(-most, most);
    return {.offset = offset, .counts = Counts(input_.ConsumeIntegralInRange<size_t>(0, 200))};
  }
  // So few values that all of them together are below 2^53 too.
  double Count() {
    return static_cast<double>(input_.ConsumeIntegral<uint64_t>() >>
                               (input_.ConsumeBool() ? 60 : 20));
  }
  double Number() {
    if (input_.ConsumeBool()) return input_.ConsumeIntegral<int16_t>();
    return std::bit_cast<double>(input_.ConsumeIntegral<uint64_t>());
  }
  std::string Text() { return input_.ConsumeRandomLengthString(kMostText); }
  std::string_view Kept(std::string text) { return texts_.emplace_back(std::move(text)); }

  FuzzedDataProvider& input_;
  int series_ = 0;
  std::deque<std::string> texts_;
  std::deque<std::vector<double>> numbers_;
};

}  // namespace metrics_runtime::fuzz
