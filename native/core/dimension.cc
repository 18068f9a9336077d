#include "core/dimension.h"

#include "core/aggregation/distinct_count.h"
#include "core/aggregation/explicit_histogram.h"
#include "core/aggregation/exponential_histogram.h"
#include "core/aggregation/quantile_sketch.h"
#include "core/aggregation/scalar_aggregations.h"
#include "core/grouped_series.h"
#include "core/single_series.h"

namespace metrics_runtime {

namespace {

template <typename Aggregation>
std::unique_ptr<Dimension> Make(const DimensionDefinition& definition, const StringTable& strings) {
  if (definition.group_by.fields.empty()) {
    return std::make_unique<SingleSeries<Aggregation>>(definition.aggregation);
  }
  return std::make_unique<GroupedSeries<Aggregation>>(definition, strings);
}

}  // namespace

std::unique_ptr<Dimension> MakeDimension(const DimensionDefinition& definition,
                                         const StringTable& strings) {
  switch (definition.aggregation.kind) {
    case AggregationKind::kCount:
      return Make<Count>(definition, strings);
    case AggregationKind::kSum:
    case AggregationKind::kUpDown:
      return Make<Sum>(definition, strings);
    case AggregationKind::kMin:
      return Make<Min>(definition, strings);
    case AggregationKind::kMax:
      return Make<Max>(definition, strings);
    case AggregationKind::kMean:
      return Make<Mean>(definition, strings);
    case AggregationKind::kLast:
      return Make<Last>(definition, strings);
    case AggregationKind::kHistogram:
      return Make<ExplicitHistogram>(definition, strings);
    case AggregationKind::kExponentialHistogram:
      return Make<ExponentialHistogram>(definition, strings);
    case AggregationKind::kQuantiles:
      return Make<QuantileSketch>(definition, strings);
    case AggregationKind::kDistinct:
      return Make<DistinctCount>(definition, strings);
  }
  return nullptr;
}

}  // namespace metrics_runtime
