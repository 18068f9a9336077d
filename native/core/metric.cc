#include "core/metric.h"

#include <utility>

namespace metrics_runtime {

EventValue EventValue::Field(const EventClass& event_class, size_t index) noexcept {
  EventValue made;
  made.from_ =
      event_class.fields()[index].kind == FieldKind::kFloat64 ? From::kFloat64 : From::kUint32;
  made.offset_ = event_class.offset(index);
  return made;
}

Metric::Metric(MetricDefinition definition) : definition_(std::move(definition)) {
  states_.reserve(definition_.dimensions.size());
  for (const DimensionDefinition& dimension : definition_.dimensions) {
    states_.push_back(MakeAggregation(dimension.kind, dimension.bounds));
  }
}

void Metric::Write(ValueWriter& writer) const {
  writer.Object(states_.size());
  for (size_t i = 0; i < states_.size(); ++i) {
    writer.Key(definition_.dimensions[i].name);
    states_[i]->Write(writer);
  }
}

}  // namespace metrics_runtime
