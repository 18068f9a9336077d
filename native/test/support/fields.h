// Field specifications, as short as events.float64() and its like are in JavaScript.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/event_class.h"
#include "core/event_class_registry.h"

namespace metrics_runtime::test {

inline FieldSpec Float64(std::string name) {
  return {.name = std::move(name), .kind = FieldKind::kFloat64, .members = {}, .max_values = 0};
}
inline FieldSpec Uint32(std::string name) {
  return {.name = std::move(name), .kind = FieldKind::kUint32, .members = {}, .max_values = 0};
}
inline FieldSpec Boolean(std::string name) {
  return {.name = std::move(name), .kind = FieldKind::kBoolean, .members = {}, .max_values = 0};
}
inline FieldSpec OneOf(std::string name, std::vector<std::string> members) {
  return {.name = std::move(name),
          .kind = FieldKind::kOneOf,
          .members = std::move(members),
          .max_values = 0};
}
inline FieldSpec Label(std::string name, uint32_t max_values) {
  return {
      .name = std::move(name), .kind = FieldKind::kLabel, .members = {}, .max_values = max_values};
}

inline FieldSpec Key(std::string name) {
  return {.name = std::move(name), .kind = FieldKind::kKey, .members = {}, .max_values = 0};
}

// `count` float64 fields: a record of 1 + count words.
inline std::vector<FieldSpec> Float64s(size_t count) {
  std::vector<FieldSpec> fields;
  // insert and not +, in which GCC 12 sees an overlap that cannot be.
  for (size_t i = 0; i < count; ++i) fields.push_back(Float64(std::to_string(i).insert(0, 1, 'f')));
  return fields;
}

inline const EventClass& Registered(EventClassRegistry& classes, const std::string& type,
                                    const std::vector<FieldSpec>& fields) {
  return *classes.Register({{type, fields}}).event_classes.at(0);
}

}  // namespace metrics_runtime::test
