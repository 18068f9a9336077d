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

 private:
  Aggregation state_;
};

}  // namespace metrics_runtime
