#include "core/slot_meaning.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "core/aggregation/value_summary.h"
#include "core/shared_word.h"

namespace metrics_runtime {

namespace {

constexpr size_t kValue = 0;
constexpr size_t kSequence = 1;
constexpr size_t kGaugeWidth = 2;

constexpr size_t kSum = 0;
constexpr size_t kMin = 1;
constexpr size_t kMax = 2;
constexpr size_t kCounts = 3;

constexpr size_t kZeros = 3;
constexpr size_t kExponentialWidth = 4;

size_t WidthOf(const SlotMeaning::Options& options) {
  switch (options.kind) {
    case SlotMeaning::Kind::kGauge:
      return kGaugeWidth;
    case SlotMeaning::Kind::kHistogram:
      return kCounts + options.bounds.size() + 1;
    case SlotMeaning::Kind::kExponential:
      return kExponentialWidth;
    case SlotMeaning::Kind::kSum:
      break;
  }
  return 1;
}

}  // namespace

SlotMeaning::SlotMeaning(Options options)
    : options_(std::move(options)), width_(WidthOf(options_)) {}

SlotTotal SlotMeaning::Nothing() const {
  SlotTotal nothing;
  if (options_.kind == Kind::kExponential) {
    nothing.exponential =
        std::make_unique<ExponentialHistogram>(AggregationOptions{.max_size = options_.max_size});
  }
  if (options_.kind == Kind::kGauge) nothing.numbers.resize(width_);
  if (options_.kind != Kind::kHistogram) return nothing;
  nothing.numbers.resize(width_);
  nothing.numbers[kMin] = std::numeric_limits<double>::infinity();
  nothing.numbers[kMax] = -std::numeric_limits<double>::infinity();
  return nothing;
}

template <typename Merge>
void SlotMeaning::AddExponential(SlotTotal& total, const double* slots, Merge&& merge) const {
  // In this order, for the same reason as in AddHistogram.
  const uint64_t counted = merge();
  const uint64_t zeros = LoadCount(slots + kZeros);
  if (counted + zeros == 0) return;
  total.sum.Add(LoadAcquire(slots + kSum));
  const ValueSummary summary{
      .sum = 0, .min = LoadRelaxed(slots + kMin), .max = LoadRelaxed(slots + kMax)};
  total.exponential->MergeSummary(zeros, summary);
}

void SlotMeaning::Add(SlotTotal& total, const double* slots,
                      const ExponentialSlots* buckets) const {
  switch (options_.kind) {
    case Kind::kSum:
      total.sum.Add(LoadRelaxed(slots));
      return;
    case Kind::kGauge:
      AddGauge(total.numbers, slots);
      return;
    case Kind::kHistogram:
      AddHistogram(total, slots);
      return;
    case Kind::kExponential:
      AddExponential(total, slots, [&] {
        return buckets == nullptr ? 0 : total.exponential->MergeCounts(*buckets);
      });
      return;
  }
}

void SlotMeaning::Fold(SlotTotal& total, const double* slots,
                       const ExponentialSlots* buckets) const noexcept {
  if (!has_buckets()) {
    Add(total, slots);  // throws for buckets alone
    return;
  }
  AddExponential(total, slots, [&] {
    if (buckets == nullptr) return uint64_t{0};
    try {
      return total.exponential->MergeCounts(*buckets);
    } catch (...) {
      return total.exponential->MergeCountsInPlace(*buckets);
    }
  });
}

void SlotMeaning::AddGauge(std::vector<double>& total, const double* slots) const noexcept {
  // The sequence first: the value that is read after it is that one or a later one.
  const double sequence = LoadAcquire(slots + kSequence);
  if (sequence == 0) return;
  const double value = LoadRelaxed(slots + kValue);
  const bool first = total[kSequence] == 0;
  switch (options_.combine) {
    case Combine::kLast:
      if (sequence > total[kSequence]) total[kValue] = value;
      break;
    case Combine::kSum:
      total[kValue] += value;
      break;
    case Combine::kMin:
      total[kValue] = first ? value : std::min(total[kValue], value);
      break;
    case Combine::kMax:
      total[kValue] = first ? value : std::max(total[kValue], value);
      break;
  }
  total[kSequence] = std::max(total[kSequence], sequence);
}

void SlotMeaning::AddHistogram(SlotTotal& total, const double* slots) const noexcept {
  std::vector<double>& numbers = total.numbers;
  // The buckets first: what is counted has its part in the sum, the least and the greatest. The sum
  // before the least: a value below zero that has lowered it is among those that this is of.
  double count = 0;
  for (size_t at = width_; at-- > kCounts;) {
    const auto in_bucket = static_cast<double>(LoadCount(slots + at));
    numbers[at] += in_bucket;
    count += in_bucket;
  }
  if (count == 0) return;
  total.sum.Add(LoadAcquire(slots + kSum));
  numbers[kMax] = std::max(numbers[kMax], LoadRelaxed(slots + kMax));
  numbers[kMin] = std::min(numbers[kMin], LoadRelaxed(slots + kMin));
}

bool SlotMeaning::IsSet(const SlotTotal& total) noexcept { return total.numbers[kSequence] != 0; }

void SlotMeaning::Write(ValueWriter& writer, const SlotTotal& total) const {
  switch (options_.kind) {
    case Kind::kSum:
      writer.Number(total.sum.value());
      return;
    case Kind::kGauge:
      if (IsSet(total)) {
        writer.Number(total.numbers[kValue]);
      } else {
        writer.Null();
      }
      return;
    case Kind::kHistogram:
      WriteHistogram(writer, total);
      return;
    case Kind::kExponential:
      total.exponential->Write(writer, total.sum.value());
      return;
  }
}

std::optional<Point> SlotMeaning::CopyTo(NumberStore& numbers, const SlotTotal& total) const {
  switch (options_.kind) {
    case Kind::kSum:
      return total.sum.value();
    case Kind::kGauge:
      return IsSet(total) ? std::optional(total.numbers[kValue]) : std::nullopt;
    case Kind::kHistogram:
      return HistogramPoint{.bounds = options_.bounds,
                            .counts = numbers.Copy(std::span(total.numbers).subspan(kCounts)),
                            .sum = total.sum.value(),
                            .has_negative = total.numbers[kMin] < 0};
    case Kind::kExponential:
      return total.exponential->CopyTo(numbers, total.sum.value());
  }
  return std::nullopt;
}

void SlotMeaning::WriteHistogram(ValueWriter& writer, const SlotTotal& total) const {
  const auto counts = std::span(total.numbers).subspan(kCounts);
  const std::vector<double>& bounds = options_.bounds;
  const double count = std::accumulate(counts.begin(), counts.end(), 0.0);
  const ValueSummary summary{
      .sum = total.sum.value(), .min = total.numbers[kMin], .max = total.numbers[kMax]};
  writer.Object(5);
  summary.Write(writer, static_cast<uint64_t>(count));
  writer.Key("buckets");
  writer.Array(counts.size());
  for (size_t i = 0; i < counts.size(); ++i) {
    writer.Object(2);
    writer.Key("le");
    writer.Number(i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity());
    writer.Key("count");
    writer.Number(counts[i]);
  }
}

}  // namespace metrics_runtime
