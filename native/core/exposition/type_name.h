// What both text formats call the types: an exponential histogram is one of their histograms.
#pragma once

#include <string_view>

#include "core/exposition/family.h"

namespace metrics_runtime {

[[nodiscard]] constexpr std::string_view TypeName(FamilyType type) noexcept {
  switch (type) {
    case FamilyType::kCounter:
      return "counter";
    case FamilyType::kGauge:
      return "gauge";
    case FamilyType::kHistogram:
    case FamilyType::kExponentialHistogram:
      return "histogram";
    case FamilyType::kSummary:
      return "summary";
  }
  return "unknown";
}

}  // namespace metrics_runtime
