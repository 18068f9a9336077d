// One quantity of a metric: how events feed it, and its state, which is one series or, with
// `group_by`, one series for each combination of labels.
//
// DimensionDefinition is plain immutable data; it outlives the Dimension made from it. A Dimension
// has the thread rule of the aggregations (core/aggregation/).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/aggregation/aggregation_options.h"
#include "core/event_class.h"
#include "core/event_source.h"
#include "core/exposition/label_values.h"
#include "core/exposition/number_store.h"
#include "core/exposition/point.h"
#include "core/string_table.h"
#include "core/value_writer.h"

namespace metrics_runtime {

// Which fields tell series apart; none: there is one series.
struct GroupBy {
  // The field as the dimension's event classes declare it, all alike: oneOf, label, boolean,
  // uint32.
  std::vector<FieldSpec> fields{};
  // What comes beyond goes to one more series, the overflow. 1 … 2^20.
  uint32_t max_series = 2000;
};

struct DimensionDefinition {
  std::string name;
  AggregationOptions aggregation{};
  std::vector<EventSource> sources{};
  GroupBy group_by{};
  std::string help{};
  std::string unit{};
};

class Dimension {
 public:
  enum class Recorded { kInSeries, kInOverflow };

  virtual ~Dimension() = default;
  Dimension(const Dimension&) = delete;
  Dimension& operator=(const Dimension&) = delete;

  // Takes an event that `source`, one of the definition's, lets through. Throws std::bad_alloc,
  // with nothing changed.
  virtual Recorded Record(const EventRecord& record, const EventSource& source) = 0;

  // Takes the state of `other`, made from an equal definition; this has recorded nothing yet.
  // Throws std::bad_alloc; this is then of no more use.
  virtual void CopyFrom(const Dimension& other) = 0;

  // The aggregation's value; with `group_by` an array of { labels: { field: text }, value } in
  // order of appearance, last the overflow, whose labels are { metrics_overflow: "true" }.
  virtual void Write(ValueWriter& writer) const = 0;

  // The series one by one, as an exposition wants them: numbered as they came, from 0, and none
  // ever goes.
  [[nodiscard]] virtual uint32_t series_count() const noexcept = 0;
  // Of one of them, or of the overflow by kOverflowSeries: nullopt while there is no value. Throws
  // std::bad_alloc.
  [[nodiscard]] virtual std::optional<Point> CopyPoint(uint32_t series,
                                                       NumberStore& numbers) const = 0;
  // Of one of them, but not of the overflow; without `group_by` there are none.
  virtual void AddLabels(uint32_t series, LabelValues& values) const noexcept = 0;
  static constexpr uint32_t kOverflowSeries = 0xffff'fffe;

 protected:
  Dimension() = default;
};

// `strings`: those that label fields refer to. Throws std::bad_alloc.
[[nodiscard]] std::unique_ptr<Dimension> MakeDimension(const DimensionDefinition& definition,
                                                       const StringTable& strings);

}  // namespace metrics_runtime
