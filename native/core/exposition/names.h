// From the names that people give to the names that every format takes. Pure functions; any thread.
// Throws std::bad_alloc. Any bytes will do: what is not UTF-8 becomes '_' like all else.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/exposition/family.h"

namespace metrics_runtime {

// [a-zA-Z_][a-zA-Z0-9_]*: each other code point is one '_', a digit in front gets one before it,
// and nothing at all is "_". Two names may become one; the caller looks.
[[nodiscard]] std::string LegalName(std::string_view name);

// The same; and what the formats ("le", "quantile"), Prometheus ("__…") or this library
// ("recorder", "entity") have a meaning for gets "exported_" in front, as Prometheus does it.
[[nodiscard]] std::string LegalLabelName(std::string_view name);

// UCUM's short forms, as OpenTelemetry has them, in words: "s" is "seconds", "By" is "bytes", "%"
// is "percent"; "1" is "ratio" for a gauge and nothing for the rest. Notes in braces are left out,
// and the rest is made legal as a part of a name.
[[nodiscard]] std::string UnitName(std::string_view unit, FamilyType type);

// `prefix` and `parts`, those that are not empty, joined by '_'; then the unit, unless the name
// ends with it. A counter's "_total" is taken off before that: the renderers add it.
[[nodiscard]] Family MakeFamily(std::string_view prefix, std::span<const std::string_view> parts,
                                FamilyType type, std::string_view help, std::string_view unit);

// Whether the name is something and then '_' and the unit. Where it is the unit alone the formats
// cannot say the unit: readers refuse all that comes with it.
[[nodiscard]] bool HasUnitSuffix(const Family& family) noexcept;

// Every name that the family has in some format, its own and those of its samples: families that
// share one cannot be exposed together.
[[nodiscard]] std::vector<std::string> SampleNames(const Family& family);

}  // namespace metrics_runtime
