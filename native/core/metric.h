// A declared metric: dimensions, each of which interprets events of some classes.
//
// MetricDefinition is plain immutable data. Metric is its state and has the thread rule of
// Aggregation.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/aggregation.h"
#include "core/event_class.h"
#include "core/event_predicate.h"
#include "core/value_writer.h"

namespace metrics_runtime {

// Where the number comes from that an event contributes.
class EventValue {
 public:
  [[nodiscard]] static EventValue Constant(double value) noexcept {
    EventValue made;
    made.constant_ = value;
    return made;
  }
  // The float64 or uint32 field `index` of `event_class`.
  [[nodiscard]] static EventValue Field(const EventClass& event_class, size_t index) noexcept;

  [[nodiscard]] double Of(const EventRecord& record) const noexcept {
    switch (from_) {
      case From::kConstant:
        return constant_;
      case From::kFloat64:
        return record.F64(offset_);
      case From::kUint32:
        return record.U32(offset_);
    }
    return 0;
  }

 private:
  enum class From : uint8_t { kConstant, kFloat64, kUint32 };

  From from_ = From::kConstant;
  uint32_t offset_ = 0;
  double constant_ = 0;
};

// One event class that feeds a dimension.
struct EventSource {
  const EventClass* event_class = nullptr;
  EventPredicate where;
  EventValue value = EventValue::Constant(1);
};

struct DimensionDefinition {
  std::string name;
  AggregationKind kind = AggregationKind::kCount;
  std::vector<EventSource> sources;
  std::vector<double> bounds;  // kHistogram
};

struct MetricDefinition {
  std::string name;
  // Equal for two definitions exactly when dimensions, their order and their options are equal.
  std::string fingerprint;
  std::vector<DimensionDefinition> dimensions;
};

class Metric {
 public:
  explicit Metric(MetricDefinition definition);
  Metric(const Metric&) = delete;
  Metric& operator=(const Metric&) = delete;

  [[nodiscard]] const MetricDefinition& definition() const noexcept { return definition_; }
  [[nodiscard]] Aggregation& aggregation(size_t dimension) const { return *states_[dimension]; }

  // An object: dimension name -> value.
  void Write(ValueWriter& writer) const;

 private:
  const MetricDefinition definition_;
  std::vector<std::unique_ptr<Aggregation>> states_;
};

}  // namespace metrics_runtime
