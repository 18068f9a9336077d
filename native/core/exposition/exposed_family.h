// What one dimension or one instrument is in an exposition.
//
//   count, counter                                        counter
//   sum                                                   counter, where no event's value can be
//                                                         negative; else gauge
//   upDown, min, max, mean, last, distinct,               gauge
//   upDownCounter, gauge, observableGauge
//   histogram                                             histogram
//   exponentialHistogram, exponential histogram           exponential histogram
//   quantiles                                             summary
//
// A dimension's family is called namespace_metric_dimension, an instrument's namespace_instrument;
// core/exposition/names.h says how that becomes legal. Pure functions; throw std::bad_alloc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/dimension.h"
#include "core/exposition/family.h"
#include "core/instrument.h"

namespace metrics_runtime {

struct ExposedFamily {
  Family family;
  std::vector<std::string> label_names{};  // legal, in the order of the definition
};

[[nodiscard]] ExposedFamily ExposeDimension(std::string_view name_space, std::string_view metric,
                                            const DimensionDefinition& dimension);
[[nodiscard]] ExposedFamily ExposeInstrument(std::string_view name_space,
                                             const InstrumentDefinition& instrument);

}  // namespace metrics_runtime
