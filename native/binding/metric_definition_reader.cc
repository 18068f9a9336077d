#include "binding/metric_definition_reader.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "binding/conversions.h"

namespace metrics_runtime {

namespace {

template <typename Read>
void ForEach(const Napi::Value& array_value, Read&& read) {
  const auto array = array_value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); ++i) read(array.Get(i).As<Napi::Object>());
}

uint32_t Uint32(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::Number>().Uint32Value();
}

std::vector<uint32_t> Uint32Array(const Napi::Value& array_value) {
  const auto array = array_value.As<Napi::Array>();
  std::vector<uint32_t> read(array.Length());
  for (uint32_t i = 0; i < read.size(); ++i) {
    read[i] = array.Get(i).As<Napi::Number>().Uint32Value();
  }
  return read;
}

AggregationKind ReadKind(const Napi::Object& aggregation) {
  static constexpr std::pair<std::string_view, AggregationKind> kKinds[] = {
      {"count", AggregationKind::kCount},
      {"sum", AggregationKind::kSum},
      {"upDown", AggregationKind::kUpDown},
      {"min", AggregationKind::kMin},
      {"max", AggregationKind::kMax},
      {"mean", AggregationKind::kMean},
      {"last", AggregationKind::kLast},
      {"histogram", AggregationKind::kHistogram},
      {"exponentialHistogram", AggregationKind::kExponentialHistogram},
      {"quantiles", AggregationKind::kQuantiles},
      {"distinct", AggregationKind::kDistinct}};
  const std::string name = Utf8(aggregation.Get("kind"));
  for (const auto& [known, kind] : kKinds) {
    if (name == known) return kind;
  }
  throw Napi::Error::New(aggregation.Env(), "unknown aggregation: " + name);
}

AggregationOptions ReadAggregation(const Napi::Object& aggregation) {
  AggregationOptions read{.kind = ReadKind(aggregation)};
  // Each kind brings the options it has; the defaults of the others are not used.
  if (read.kind == AggregationKind::kHistogram) {
    const auto bounds = aggregation.Get("buckets").As<Napi::Array>();
    for (uint32_t i = 0; i < bounds.Length(); ++i) {
      read.bounds.push_back(bounds.Get(i).As<Napi::Number>());
    }
  }
  if (read.kind == AggregationKind::kExponentialHistogram) {
    read.max_size = Uint32(aggregation, "maxSize");
  }
  if (read.kind == AggregationKind::kQuantiles) {
    read.relative_error = aggregation.Get("relativeError").As<Napi::Number>();
    const auto quantiles = aggregation.Get("quantiles").As<Napi::Array>();
    for (uint32_t i = 0; i < quantiles.Length(); ++i) {
      const Napi::Value quantile = quantiles.Get(i);
      read.quantiles.push_back({quantile.As<Napi::Number>(), Utf8(quantile.ToString())});
    }
  }
  return read;
}

// Strings for label fields, numbers for every other kind.
FieldCondition ReadCondition(const Napi::Object& condition, const EventClass& event_class) {
  const uint32_t field = Uint32(condition, "field");
  FieldCondition read{.offset = event_class.offset(field), .accepted = {}};
  const auto values = condition.Get("values").As<Napi::Array>();
  for (uint32_t i = 0; i < values.Length(); ++i) {
    const Napi::Value value = values.Get(i);
    read.accepted.push_back(
        value.IsString() ? LabelsOf(condition.Env(), event_class, field).InternNamed(Utf8(value))
                         : value.As<Napi::Number>().Uint32Value());
  }
  return read;
}

EventSource ReadSource(const Napi::Object& source, const EventClassRegistry& event_classes) {
  const EventClass* event_class = event_classes.Find(Uint32(source, "eventClassId"));
  if (event_class == nullptr) throw Napi::Error::New(source.Env(), "unknown event class");
  std::vector<FieldCondition> conditions;
  ForEach(source.Get("where"), [&](const Napi::Object& condition) {
    conditions.push_back(ReadCondition(condition, *event_class));
  });
  const Napi::Value field = source.Get("field");
  EventSource read{
      .event_class = event_class,
      .where = EventPredicate(std::move(conditions)),
      .value = field.IsNumber()
                   ? EventValue::Field(*event_class, field.As<Napi::Number>().Uint32Value())
                   : EventValue::Constant(source.Get("step").As<Napi::Number>())};
  for (const uint32_t index : Uint32Array(source.Get("by"))) {
    read.by.push_back(event_class->offset(index));
  }
  return read;
}

DimensionDefinition ReadDimension(const Napi::Object& dimension,
                                  const EventClassRegistry& event_classes) {
  DimensionDefinition read{
      .name = Utf8(dimension.Get("name")),
      .aggregation = ReadAggregation(dimension.Get("aggregation").As<Napi::Object>())};
  read.help = Utf8(dimension.Get("help"));
  read.unit = Utf8(dimension.Get("unit"));
  read.group_by.max_series = Uint32(dimension, "maxSeries");
  ForEach(dimension.Get("sources"), [&](const Napi::Object& source) {
    read.sources.push_back(ReadSource(source, event_classes));
    // Every source declares them alike.
    if (read.sources.size() > 1) return;
    for (const uint32_t index : Uint32Array(source.Get("by"))) {
      read.group_by.fields.push_back(read.sources.front().event_class->fields()[index]);
    }
  });
  return read;
}

}  // namespace

MetricDefinition ReadMetricDefinition(const Napi::Object& definition,
                                      const EventClassRegistry& event_classes) {
  MetricDefinition read{.name = Utf8(definition.Get("name")),
                        .fingerprint = Utf8(definition.Get("fingerprint")),
                        .dimensions = {}};
  ForEach(definition.Get("dimensions"), [&](const Napi::Object& dimension) {
    read.dimensions.push_back(ReadDimension(dimension, event_classes));
  });
  return read;
}

}  // namespace metrics_runtime
