#include "core/slot_meaning.h"

#include <algorithm>
#include <limits>
#include <numeric>
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

size_t WidthOf(SlotMeaning::Kind kind, size_t bounds) {
  switch (kind) {
    case SlotMeaning::Kind::kGauge:
      return kGaugeWidth;
    case SlotMeaning::Kind::kHistogram:
      return kCounts + bounds + 1;
    case SlotMeaning::Kind::kSum:
      break;
  }
  return 1;
}

}  // namespace

SlotMeaning::SlotMeaning(Kind kind, Combine combine, std::vector<double> bounds)
    : kind_(kind),
      combine_(combine),
      bounds_(std::move(bounds)),
      width_(WidthOf(kind, bounds_.size())) {}

std::vector<double> SlotMeaning::Nothing() const {
  std::vector<double> nothing(width_);
  if (kind_ == Kind::kHistogram) {
    nothing[kMin] = std::numeric_limits<double>::infinity();
    nothing[kMax] = -std::numeric_limits<double>::infinity();
  }
  return nothing;
}

// Relaxed loads throughout: each slot is a number on its own, and is written whole.
void SlotMeaning::Add(std::span<double> total, const double* slots) const noexcept {
  switch (kind_) {
    case Kind::kSum:
      total[0] += LoadRelaxed(slots);
      return;
    case Kind::kGauge:
      AddGauge(total, slots);
      return;
    case Kind::kHistogram:
      AddHistogram(total, slots);
      return;
  }
}

void SlotMeaning::AddGauge(std::span<double> total, const double* slots) const noexcept {
  // The sequence first: the value that is read after it is that one or a later one.
  const double sequence = LoadAcquire(slots + kSequence);
  if (sequence == 0) return;
  const double value = LoadRelaxed(slots + kValue);
  const bool first = total[kSequence] == 0;
  switch (combine_) {
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

void SlotMeaning::AddHistogram(std::span<double> total, const double* slots) const noexcept {
  // From right to left: what is counted has its part in the sum, the least and the greatest.
  double count = 0;
  for (size_t at = width_; at-- > kCounts;) {
    const double in_bucket = LoadAcquire(slots + at);
    total[at] += in_bucket;
    count += in_bucket;
  }
  if (count == 0) return;
  total[kMax] = std::max(total[kMax], LoadRelaxed(slots + kMax));
  total[kMin] = std::min(total[kMin], LoadRelaxed(slots + kMin));
  total[kSum] += LoadRelaxed(slots + kSum);
}

void SlotMeaning::Write(ValueWriter& writer, std::span<const double> total) const {
  switch (kind_) {
    case Kind::kSum:
      writer.Number(total[0]);
      return;
    case Kind::kGauge:
      if (total[kSequence] == 0) {
        writer.Null();
      } else {
        writer.Number(total[kValue]);
      }
      return;
    case Kind::kHistogram:
      WriteHistogram(writer, total);
      return;
  }
}

void SlotMeaning::WriteHistogram(ValueWriter& writer, std::span<const double> total) const {
  const auto counts = total.subspan(kCounts);
  const double count = std::accumulate(counts.begin(), counts.end(), 0.0);
  const ValueSummary summary{.sum = total[kSum], .min = total[kMin], .max = total[kMax]};
  writer.Object(5);
  summary.Write(writer, static_cast<uint64_t>(count));
  writer.Key("buckets");
  writer.Array(counts.size());
  for (size_t i = 0; i < counts.size(); ++i) {
    writer.Object(2);
    writer.Key("le");
    writer.Number(i < bounds_.size() ? bounds_[i] : std::numeric_limits<double>::infinity());
    writer.Key("count");
    writer.Number(counts[i]);
  }
}

}  // namespace metrics_runtime
