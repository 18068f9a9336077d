// Instrument: its series one by one, for an exposition.
#include <algorithm>
#include <optional>

#include "core/instrument.h"

namespace metrics_runtime {

uint32_t Instrument::HoldNumbers() noexcept {
  const std::lock_guard lock(mutex_);
  EndAlone();
  ++holders_;
  return static_cast<uint32_t>(series_.size());
}

void Instrument::ReleaseNumbers() noexcept {
  const std::lock_guard lock(mutex_);
  --holders_;
}

void Instrument::CopyPoints(SeriesCopies& copies, uint32_t first, uint32_t most,
                            std::span<const void* const> left_out) const {
  const std::lock_guard lock(mutex_);
  const auto end = static_cast<uint32_t>(
      std::min(series_.size(), static_cast<size_t>(first) + static_cast<size_t>(most)));
  for (uint32_t i = first; i < end; ++i) {
    if (!series_[i].ended) CopyPoint(copies, i, series_[i], left_out);
  }
}

void Instrument::CopyOverflow(SeriesCopies& copies, std::span<const void* const> left_out) const {
  const std::lock_guard lock(mutex_);
  if (overflow_ != nullptr) CopyPoint(copies, kOverflowSeries, *overflow_, left_out);
}

void Instrument::CopyPoint(SeriesCopies& copies, uint32_t number, const Series& series,
                           std::span<const void* const> left_out) const {
  const size_t before = copies.numbers.looked_at();
  const std::optional<Point> point =
      definition_.meaning.CopyTo(copies.numbers, TotalOf(series, left_out));
  // Each thread has as many as the total, or somewhat fewer.
  copies.numbers.LookedAt((copies.numbers.looked_at() - before + 1) * series.parts.size());
  if (point.has_value()) copies.series.push_back({number, series.begun, *point});
}

void Instrument::AddLabels(uint32_t series, LabelValues& values) const noexcept {
  const std::lock_guard lock(mutex_);
  if (!index_.has_value()) return;
  for (const uint32_t id : index_->KeyOf(series)) values.Add(strings_->Text(id));
}

}  // namespace metrics_runtime
