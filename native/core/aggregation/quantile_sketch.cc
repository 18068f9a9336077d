#include "core/aggregation/quantile_sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace metrics_runtime {

namespace {

constexpr double kCoveredRatio = 1e9;
constexpr uint32_t kLeastLimit = 2048;

// The bins are narrower than the stated error would let them be, by more than rounding can move a
// value across the edge of a bin or a bin's value: |ln x| is up to 710, of which a few roundings,
// 2^-53 each, are below 5e-13. Not a fraction of the error: of a small one it would have to be a
// large fraction.
double BinAccuracy(double relative_error) { return relative_error - 2e-12; }

// ln((1 + a) / (1 - a)), also where a is so small that the quotient would round.
double LogGamma(double accuracy) { return std::log1p(2 * accuracy / (1 - accuracy)); }

uint32_t LimitOf(double keys_per_e) {
  const double needed = std::ceil(std::log(kCoveredRatio) * keys_per_e) + 1;
  return std::max(std::bit_ceil(static_cast<uint32_t>(needed)), kLeastLimit);
}

}  // namespace

QuantileSketch::QuantileSketch(const AggregationOptions& options)
    : options_(&options),
      keys_per_e_(1 / LogGamma(BinAccuracy(options.relative_error))),
      limit_(LimitOf(keys_per_e_)) {}

void QuantileSketch::Record(double value) {
  const double magnitude = std::abs(value);
  if (magnitude < std::numeric_limits<double>::min()) {
    ++zeros_;
  } else {
    (value > 0 ? positive_ : negative_).Add(KeyOf(magnitude), limit_);
  }
  summary_.Record(value);
}

void QuantileSketch::Merge(const QuantileSketch& other) {
  // The second of two merges could throw after the first has changed its bins, hence the copy, of
  // the sign that is mostly empty.
  Bins negative = negative_;
  negative.Merge(other.negative_, limit_);
  positive_.Merge(other.positive_, limit_);
  negative_ = std::move(negative);
  zeros_ += other.zeros_;
  summary_.Merge(other.summary_);
}

void QuantileSketch::Write(ValueWriter& writer) const {
  const auto& asked = options_->quantiles;
  std::vector<double> values(asked.size());
  FillQuantiles(values);
  const bool empty = count() == 0;
  writer.Object(5);
  summary_.Write(writer, count());
  writer.Key("quantiles");
  writer.Object(asked.size());
  for (size_t i = 0; i < asked.size(); ++i) {
    writer.Key(asked[i].name);
    writer.Number(empty ? std::nullopt : std::optional(values[i]));
  }
}

std::optional<Point> QuantileSketch::CopyTo(NumberStore& numbers) const {
  const auto& asked = options_->quantiles;
  const std::span<double> quantiles = numbers.Add(asked.size());
  std::ranges::transform(asked, quantiles.begin(), &AggregationOptions::Quantile::q);
  const std::span<double> values = numbers.Add(asked.size());
  FillQuantiles(values);
  // A quantile costs some 16 times what a bin does.
  numbers.LookedAt(positive_.size() + negative_.size() + 16 * asked.size());
  return SummaryPoint{.quantiles = quantiles,
                      .values = values,
                      .count = static_cast<double>(count()),
                      .sum = summary_.sum,
                      .has_negative = summary_.has_negative()};
}

size_t QuantileSketch::heap_bytes() const noexcept {
  return positive_.heap_bytes() + negative_.heap_bytes();
}

int32_t QuantileSketch::KeyOf(double magnitude) const noexcept {
  // Rounded up; std::ceil is a call where the compiler cannot count on SSE 4.1.
  const double position = std::log(magnitude) * keys_per_e_;
  const auto key = static_cast<int32_t>(position);
  return position > key ? key + 1 : key;
}

double QuantileSketch::ValueOf(int32_t key) const noexcept {
  // 2 / (gamma + 1) is 1 - a; within the exponent, as gamma^key alone may be beyond a double.
  return std::exp(key / keys_per_e_ + std::log1p(-BinAccuracy(options_->relative_error)));
}

uint64_t QuantileSketch::count() const noexcept {
  return negative_.total() + zeros_ + positive_.total();
}

void QuantileSketch::FillQuantiles(std::span<double> values) const {
  if (count() == 0) {
    std::ranges::fill(values, std::numeric_limits<double>::quiet_NaN());
    return;
  }
  const auto& asked = options_->quantiles;
  std::vector<size_t> ascending(asked.size());
  std::iota(ascending.begin(), ascending.end(), size_t{0});
  std::ranges::sort(ascending, {}, [&](size_t i) { return asked[i].q; });
  const uint64_t last = count() - 1;
  Bins::Walk negative(negative_, Bins::Walk::kDown);
  Bins::Walk positive(positive_, Bins::Walk::kUp);
  const auto value_of = [&](uint64_t rank) {
    if (rank < negative_.total()) return -ValueOf(negative.KeyOf(rank));
    rank -= negative_.total();
    return rank < zeros_ ? 0 : ValueOf(positive.KeyOf(rank - zeros_));
  };
  for (const size_t i : ascending) {
    const auto rank = std::min(last, static_cast<uint64_t>(asked[i].q * static_cast<double>(last)));
    if (rank == 0 || rank == last) {
      values[i] = rank == 0 ? summary_.min : summary_.max;
    } else {
      values[i] = std::clamp(value_of(rank), summary_.min, summary_.max);
    }
  }
}

void QuantileSketch::Bins::Add(int32_t key, uint32_t limit) {
  if (key < lowest_ || key > highest_) Extend(key, key, limit);
  ++bins_[IndexOf(std::max(key, lowest_))];
  ++total_;
}

void QuantileSketch::Bins::Merge(const Bins& other, uint32_t limit) {
  if (other.total_ == 0) return;
  Extend(other.lowest_, other.highest_, limit);
  for (int32_t key = other.lowest_; key <= other.highest_; ++key) {
    bins_[IndexOf(std::max(key, lowest_))] += other.bins_[other.IndexOf(key)];
  }
  total_ += other.total_;
}

QuantileSketch::Bins::Walk::Walk(const Bins& bins, Direction direction) noexcept
    : bins_(bins),
      direction_(direction),
      key_(direction == kUp ? bins.lowest_ - 1 : bins.highest_ + 1) {}

int32_t QuantileSketch::Bins::Walk::KeyOf(uint64_t rank) noexcept {
  while (passed_ <= rank) {
    key_ += direction_;
    passed_ += bins_.bins_[bins_.IndexOf(key_)];
  }
  return key_;
}

void QuantileSketch::Bins::Extend(int32_t low, int32_t high, uint32_t limit) {
  high = std::max(high, highest_);
  low = std::max(std::min(low, lowest_), high - static_cast<int32_t>(limit) + 1);
  const auto needed = std::bit_ceil(static_cast<size_t>(int64_t{high} - low + 1));
  if (needed > bins_.size()) {
    Bins grown;
    grown.bins_.resize(std::max(needed, kLeastBins));
    for (int32_t key = lowest_; key <= highest_; ++key) {
      grown.bins_[grown.IndexOf(std::max(key, low))] += bins_[IndexOf(key)];
    }
    bins_.swap(grown.bins_);
  } else {
    Collapse(low);
  }
  lowest_ = low;
  highest_ = high;
}

void QuantileSketch::Bins::Collapse(int32_t low) noexcept {
  uint64_t collapsed = 0;
  for (int32_t key = lowest_; key < low && key <= highest_; ++key) {
    collapsed += std::exchange(bins_[IndexOf(key)], 0);
  }
  bins_[IndexOf(low)] += collapsed;
}

}  // namespace metrics_runtime
