// What a dimension takes from the events of one class: which of them, what number, which series.
// Plain immutable data, read by the runtime thread once per event.
#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "core/event_class.h"
#include "core/event_predicate.h"
#include "core/event_record.h"

namespace metrics_runtime {

// Where the value comes from that an event contributes.
class EventValue {
 public:
  [[nodiscard]] static EventValue Constant(double value) noexcept {
    EventValue made;
    made.constant_ = value;
    return made;
  }
  // The float64, uint32 or key field `index` of `event_class`.
  [[nodiscard]] static EventValue Field(const EventClass& event_class, size_t index) noexcept;

  // As an aggregation takes it: the number as a double; or 64 well mixed bits that are equal for
  // equal values, the hash of a key as it is.
  template <typename Input>
  [[nodiscard]] Input Of(const EventRecord& record) const noexcept {
    if constexpr (std::is_same_v<Input, double>) {
      return NumberOf(record);
    } else {
      static_assert(std::is_same_v<Input, uint64_t>);
      return from_ == From::kKey ? record.U64(offset_) : HashOf(NumberOf(record));
    }
  }

  // No event can contribute a number below zero.
  [[nodiscard]] bool never_negative() const noexcept {
    return from_ == From::kUint32 || (from_ == From::kConstant && constant_ >= 0);
  }

 private:
  enum class From : uint8_t { kConstant, kFloat64, kUint32, kKey };

  [[nodiscard]] double NumberOf(const EventRecord& record) const noexcept {
    switch (from_) {
      case From::kFloat64:
        return record.F64(offset_);
      case From::kUint32:
        return record.U32(offset_);
      case From::kConstant:
      case From::kKey:
        break;
    }
    return constant_;
  }
  [[nodiscard]] static uint64_t HashOf(double number) noexcept;

  From from_ = From::kConstant;
  uint32_t offset_ = 0;
  double constant_ = 0;
};

struct EventSource {
  const EventClass* event_class = nullptr;
  EventPredicate where{};
  EventValue value = EventValue::Constant(1);
  // The offsets of the fields that tell series apart, in the order of the dimension's `by`.
  std::vector<uint32_t> by{};
};

}  // namespace metrics_runtime
