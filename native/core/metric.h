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
#include <utility>
#include <vector>

#include "core/dimension.h"
#include "core/exposition/exposed_family.h"
#include "core/exposition/family_registry.h"
#include "core/exposition/wall_clock.h"
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
  // `strings` outlives the metric. `families`: of FamilyRegistry's claim, or none.
  Metric(MetricDefinition definition, const StringTable& strings,
         std::vector<ExposedFamily> families = {});
  Metric(const Metric&) = delete;
  Metric& operator=(const Metric&) = delete;

  [[nodiscard]] const MetricDefinition& definition() const noexcept { return definition_; }
  [[nodiscard]] Dimension& dimension(size_t index) const { return *dimensions_[index]; }

  // The same metric with the state that it has now, apart from this. Throws std::bad_alloc.
  [[nodiscard]] std::shared_ptr<Metric> Copy(const StringTable& strings) const;

  // How it is exposed: a family for each dimension, one for an instrument, none for a custom
  // metric.
  [[nodiscard]] const std::vector<ExposedFamily>& families() const noexcept { return families_; }
  [[nodiscard]] const std::shared_ptr<FamilyRegistry::Claim>& claim() const noexcept {
    return claim_;
  }
  // nullptr: its names are free.
  void SetClaim(std::shared_ptr<FamilyRegistry::Claim> claim) noexcept {
    claim_ = std::move(claim);
  }
  // When it was registered, in seconds since the epoch.
  [[nodiscard]] double begun() const noexcept { return begun_; }

  // An object: dimension name -> value. `left_out`: of Instrument::Write.
  void Write(ValueWriter& writer, std::span<const void* const> left_out = {}) const;

 private:
  const MetricDefinition definition_;
  const std::vector<ExposedFamily> families_;
  std::shared_ptr<FamilyRegistry::Claim> claim_;
  double begun_ = WallClockSeconds();
  std::vector<std::unique_ptr<Dimension>> dimensions_;
};

}  // namespace metrics_runtime
