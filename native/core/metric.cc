#include "core/metric.h"

#include <utility>

namespace metrics_runtime {

Metric::Metric(MetricDefinition definition, const StringTable& strings,
               std::vector<ExposedFamily> families)
    : definition_(std::move(definition)), families_(std::move(families)) {
  dimensions_.reserve(definition_.dimensions.size());
  for (const DimensionDefinition& dimension : definition_.dimensions) {
    dimensions_.push_back(MakeDimension(dimension, strings));
  }
}

std::shared_ptr<Metric> Metric::Copy(const StringTable& strings) const {
  MetricDefinition definition = definition_;
  if (definition.instrument != nullptr) definition.instrument = definition.instrument->Copy();
  auto copy = std::make_shared<Metric>(std::move(definition), strings, families_);
  copy->claim_ = claim_;
  copy->begun_ = begun_;
  for (size_t i = 0; i < dimensions_.size(); ++i) {
    copy->dimensions_[i]->CopyFrom(*dimensions_[i]);
  }
  return copy;
}

void Metric::Write(ValueWriter& writer, std::span<const void* const> left_out) const {
  if (definition_.instrument != nullptr) {
    writer.Object(1);
    writer.Key("value");
    definition_.instrument->Write(writer, left_out);
    return;
  }
  writer.Object(dimensions_.size());
  for (size_t i = 0; i < dimensions_.size(); ++i) {
    writer.Key(definition_.dimensions[i].name);
    dimensions_[i]->Write(writer);
  }
}

}  // namespace metrics_runtime
