// An event class: the name and the fields of one kind of fact, and how a record of it is laid out.
//
// Immutable after construction apart from its label tables, which lock for themselves; so any
// thread may read it. Owned by the registry, for as long as the runtime's memory lives.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/label_table.h"

namespace metrics_runtime {

// The numbers cross to JavaScript; src/events/field-kinds.ts repeats them.
enum class FieldKind : uint32_t {
  kFloat64 = 0,  // a finite double: 8 bytes
  kUint32 = 1,   // 0 … 2^32 - 1: 4 bytes
  kBoolean = 2,  // 0 or 1: 4 bytes
  kOneOf = 3,    // the index into `members`: 4 bytes
  kLabel = 4,    // the string's number: 4 bytes
  kKey = 5,      // a hash of a string: 8 bytes
};

struct FieldSpec {
  std::string name;
  FieldKind kind = FieldKind::kFloat64;
  std::vector<std::string> members;  // kOneOf
  uint32_t max_values = 0;           // kLabel

  bool operator==(const FieldSpec&) const = default;
};

class EventClass {
 public:
  // Throws std::bad_alloc. At most RingLayout::kMaxFields fields; the caller has checked. `strings`
  // outlives the class.
  EventClass(uint32_t id, std::string event_type, std::vector<FieldSpec> fields,
             StringTable& strings);
  EventClass(const EventClass&) = delete;
  EventClass& operator=(const EventClass&) = delete;

  [[nodiscard]] uint32_t id() const noexcept { return id_; }
  [[nodiscard]] const std::string& event_type() const noexcept { return event_type_; }
  [[nodiscard]] const std::vector<FieldSpec>& fields() const noexcept { return fields_; }

  // Bytes from the start of the record to field `index`: the 4-byte fields follow the header in
  // the order of their declaration, then, 8-byte aligned, the 8-byte fields.
  [[nodiscard]] uint32_t offset(size_t index) const { return offsets_[index]; }
  // The length of a record in 8-byte words.
  [[nodiscard]] uint32_t words() const noexcept { return words_; }

  // The offsets of the label fields, in order.
  [[nodiscard]] const std::vector<uint32_t>& label_offsets() const noexcept {
    return label_offsets_;
  }
  // The offsets of the float64 fields, in order.
  [[nodiscard]] const std::vector<uint32_t>& float64_offsets() const noexcept {
    return float64_offsets_;
  }
  // The table of label field `index`; nullptr for any other field.
  [[nodiscard]] LabelTable* labels(size_t index) const { return labels_[index].get(); }

  // The index of the field called `name`; -1 when there is none.
  [[nodiscard]] int FieldIndex(std::string_view name) const noexcept;

 private:
  const uint32_t id_;
  const std::string event_type_;
  const std::vector<FieldSpec> fields_;
  std::vector<uint32_t> offsets_;
  std::vector<uint32_t> label_offsets_;
  std::vector<uint32_t> float64_offsets_;
  std::vector<std::unique_ptr<LabelTable>> labels_;
  uint32_t words_ = 0;
};

}  // namespace metrics_runtime
