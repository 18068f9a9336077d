#include "core/metric_set.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/fault_points.h"

namespace metrics_runtime {

void MetricSet::Register(MetricDefinition definition, const StringTable& strings) {
  // Everything that can throw works on copies, so that a refusal of memory changes nothing.
  Metrics metrics = metrics_;
  const auto same_name = std::ranges::find_if(
      metrics, [&](const auto& metric) { return metric->definition().name == definition.name; });
  if (same_name == metrics.end()) {
    metrics.push_back(std::make_shared<Metric>(std::move(definition), strings));
  } else if ((*same_name)->definition().fingerprint == definition.fingerprint) {
    return;
  } else {
    *same_name = std::make_shared<Metric>(std::move(definition), strings);
  }
  routes_ = MakeRoutes(metrics);
  metrics_ = std::move(metrics);
}

MetricSet::Routes MetricSet::MakeRoutes(const Metrics& metrics) {
  Routes routes;
  for (const auto& metric : metrics) {
    const auto& dimensions = metric->definition().dimensions;
    for (size_t i = 0; i < dimensions.size(); ++i) {
      for (const EventSource& source : dimensions[i].sources) {
        const uint32_t id = source.event_class->id();
        if (id >= routes.size()) routes.resize(id + 1);
        routes[id].push_back({source, &metric->dimension(i)});
      }
    }
  }
  return routes;
}

const char* MetricSet::Dispatch(const EventClass& event_class, const EventRecord& record) noexcept {
  if (FailsAt(FaultPoint::kDispatch)) return "a fault point";
  // Before anything counts it: the event goes to all who want it, or to none.
  for (const uint32_t offset : event_class.float64_offsets()) {
    if (!std::isfinite(record.F64(offset))) return "a queue holds a number that no producer writes";
  }
  for (const uint32_t offset : event_class.label_offsets()) {
    if (record.U32(offset) != StringTable::kOverflowId) continue;
    StoreRelaxed(&labels_overflowed_, labels_overflowed_ + 1);
  }
  if (event_class.id() >= routes_.size()) return nullptr;
  try {
    for (const auto& [source, target] : routes_[event_class.id()]) {
      if (!source.where.Matches(record)) continue;
      if (target->Record(record, source) == Dimension::Recorded::kInSeries) continue;
      StoreRelaxed(&series_overflowed_, series_overflowed_ + 1);
    }
  } catch (...) {  // std::bad_alloc, or what a container throws in its place
    return "the system refused memory for a series or for what one has to remember";
  }
  return nullptr;
}

void MetricSet::Write(ValueWriter& writer) const {
  writer.Object(metrics_.size());
  for (const auto& metric : metrics_) {
    writer.Key(metric->definition().name);
    metric->Write(writer);
  }
}

std::unique_ptr<MetricSet> MetricSet::Copy(const StringTable& strings) const {
  auto copy = std::make_unique<MetricSet>();
  for (const auto& metric : metrics_) copy->metrics_.push_back(metric->Copy(strings));
  copy->routes_ = MakeRoutes(copy->metrics_);
  copy->labels_overflowed_ = labels_overflowed_;
  copy->series_overflowed_ = series_overflowed_;
  return copy;
}

void MetricSet::Restore(MetricSet& kept) noexcept {
  metrics_.swap(kept.metrics_);
  routes_.swap(kept.routes_);
  StoreRelaxed(&labels_overflowed_, kept.labels_overflowed_);
  StoreRelaxed(&series_overflowed_, kept.series_overflowed_);
}

}  // namespace metrics_runtime
