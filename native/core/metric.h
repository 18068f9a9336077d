// A metric: dimensions, each of which interprets events of some classes. Or the place of a custom
// metric among them, which has no dimensions: it runs in the JavaScript thread that registered it.
// Or an instrument, whose one dimension is called "value".
//
// MetricDefinition is plain immutable data. Metric is its state and has the thread rule of
// Dimension.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/dimension.h"
#include "core/instrument.h"
#include "core/string_table.h"
#include "core/value_writer.h"

namespace metrics_runtime {

struct MetricDefinition {
  std::string name;
  // Equal for two definitions exactly when dimensions, their order and their options are equal.
  std::string fingerprint{};
  std::vector<DimensionDefinition> dimensions{};
  // Stands for the thread that a custom metric runs in; nullptr: a declared one.
  const void* thread = nullptr;
  std::shared_ptr<Instrument> instrument = nullptr;
};

class Metric {
 public:
  // `strings` outlives the metric.
  Metric(MetricDefinition definition, const StringTable& strings);
  Metric(const Metric&) = delete;
  Metric& operator=(const Metric&) = delete;

  [[nodiscard]] const MetricDefinition& definition() const noexcept { return definition_; }
  [[nodiscard]] Dimension& dimension(size_t index) const { return *dimensions_[index]; }

  // The same metric with the state that it has now, apart from this. Throws std::bad_alloc.
  [[nodiscard]] std::shared_ptr<Metric> Copy(const StringTable& strings) const;

  // An object: dimension name -> value. `left_out`: of Instrument::Write.
  void Write(ValueWriter& writer, std::span<const void* const> left_out = {}) const;

 private:
  const MetricDefinition definition_;
  std::vector<std::unique_ptr<Dimension>> dimensions_;
};

}  // namespace metrics_runtime
