#include "core/aggregation.h"

#include "core/histogram_aggregation.h"

namespace metrics_runtime {

void CountAggregation::Write(ValueWriter& writer) const {
  writer.Number(static_cast<double>(count_));
}

void SumAggregation::Write(ValueWriter& writer) const { writer.Number(sum_); }

std::unique_ptr<Aggregation> MakeAggregation(AggregationKind kind,
                                             const std::vector<double>& bounds) {
  switch (kind) {
    case AggregationKind::kCount:
      return std::make_unique<CountAggregation>();
    case AggregationKind::kSum:
    case AggregationKind::kUpDown:
      return std::make_unique<SumAggregation>();
    case AggregationKind::kHistogram:
      return std::make_unique<HistogramAggregation>(bounds);
  }
  return nullptr;
}

}  // namespace metrics_runtime
