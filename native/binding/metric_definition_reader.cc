#include "binding/metric_definition_reader.h"

#include <string>
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

AggregationKind ReadKind(const Napi::Object& dimension) {
  const std::string kind = Utf8(dimension.Get("kind"));
  if (kind == "count") return AggregationKind::kCount;
  if (kind == "sum") return AggregationKind::kSum;
  if (kind == "upDown") return AggregationKind::kUpDown;
  if (kind == "histogram") return AggregationKind::kHistogram;
  throw Napi::Error::New(dimension.Env(), "unknown aggregation: " + kind);
}

// Strings for label fields, numbers for every other kind.
FieldCondition ReadCondition(const Napi::Object& condition, const EventClass& event_class) {
  const uint32_t field = Uint32(condition, "field");
  FieldCondition read{.offset = event_class.offset(field), .accepted = {}};
  const auto values = condition.Get("values").As<Napi::Array>();
  for (uint32_t i = 0; i < values.Length(); ++i) {
    const Napi::Value value = values.Get(i);
    read.accepted.push_back(value.IsString() ? event_class.labels(field)->InternNamed(Utf8(value))
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
  return {.event_class = event_class,
          .where = EventPredicate(std::move(conditions)),
          .value = field.IsNumber()
                       ? EventValue::Field(*event_class, field.As<Napi::Number>().Uint32Value())
                       : EventValue::Constant(source.Get("step").As<Napi::Number>())};
}

}  // namespace

MetricDefinition ReadMetricDefinition(const Napi::Object& definition,
                                      const EventClassRegistry& event_classes) {
  MetricDefinition read{.name = Utf8(definition.Get("name")),
                        .fingerprint = Utf8(definition.Get("fingerprint")),
                        .dimensions = {}};
  ForEach(definition.Get("dimensions"), [&](const Napi::Object& dimension) {
    DimensionDefinition made{.name = Utf8(dimension.Get("name")),
                             .kind = ReadKind(dimension),
                             .sources = {},
                             .bounds = {}};
    ForEach(dimension.Get("sources"), [&](const Napi::Object& source) {
      made.sources.push_back(ReadSource(source, event_classes));
    });
    const auto bounds = dimension.Get("buckets").As<Napi::Array>();
    for (uint32_t i = 0; i < bounds.Length(); ++i) {
      made.bounds.push_back(bounds.Get(i).As<Napi::Number>());
    }
    read.dimensions.push_back(std::move(made));
  });
  return read;
}

}  // namespace metrics_runtime
