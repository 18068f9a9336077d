// What the types of families are called.
#pragma once

#include <string_view>

#include "core/exposition/family.h"

namespace metrics_runtime {

// In JSON, and where people read it.
[[nodiscard]] constexpr std::string_view TypeName(FamilyType type) noexcept {
  switch (type) {
    case FamilyType::kCounter:
      return "counter";
    case FamilyType::kGauge:
      return "gauge";
    case FamilyType::kHistogram:
      return "histogram";
    case FamilyType::kExponentialHistogram:
      return "exponentialHistogram";
    case FamilyType::kSummary:
      return "summary";
  }
  return "unknown";
}

// In both text formats: an exponential histogram is one of their histograms.
[[nodiscard]] constexpr std::string_view TextTypeName(FamilyType type) noexcept {
  return TypeName(type == FamilyType::kExponentialHistogram ? FamilyType::kHistogram : type);
}

}  // namespace metrics_runtime
