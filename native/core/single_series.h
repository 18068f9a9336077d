// A dimension that is one series.
#pragma once

#include "core/dimension.h"

namespace metrics_runtime {

template <typename Aggregation>
class SingleSeries final : public Dimension {
 public:
  explicit SingleSeries(const AggregationOptions& options) : state_(options) {}

  Recorded Record(const EventRecord& record, const EventSource& source) override {
    state_.Record(source.value.Of<typename Aggregation::Input>(record));
    return Recorded::kInSeries;
  }
  void CopyFrom(const Dimension& other) override {
    state_.Merge(static_cast<const SingleSeries&>(other).state_);
  }
  void Write(ValueWriter& writer) const override { state_.Write(writer); }

  [[nodiscard]] uint32_t series_count() const noexcept override { return 1; }
  [[nodiscard]] std::optional<Point> CopyPoint(uint32_t series,
                                               NumberStore& numbers) const override {
    return series == kOverflowSeries ? std::nullopt : state_.CopyTo(numbers);
  }
  void AddLabels(uint32_t, LabelValues&) const noexcept override {}

 private:
  Aggregation state_;
};

}  // namespace metrics_runtime
