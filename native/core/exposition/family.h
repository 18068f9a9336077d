// A metric family as the formats know it: one name, one type, and the series of all recorders that
// have it. Plain immutable data.
#pragma once

#include <cstdint>
#include <string>

namespace metrics_runtime {

enum class FamilyType : uint8_t {
  kCounter,
  kGauge,
  kHistogram,             // explicit buckets
  kExponentialHistogram,  // base-2 exponential ones
  kSummary,
};

struct Family {
  // Legal in every format: [a-zA-Z_][a-zA-Z0-9_]*, with the prefix and the unit in it. Of a counter
  // less one "_total" at its end, which the formats add; of any other type whatever its end is.
  std::string name;
  FamilyType type = FamilyType::kGauge;
  std::string help{};  // any UTF-8, may be empty
  std::string unit{};  // legal as a part of a name; `name` ends with it; may be empty

  bool operator==(const Family&) const = default;
};

}  // namespace metrics_runtime
