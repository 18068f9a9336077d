// Which events of a class a dimension counts: conditions on fields, all of which must hold.
// Immutable after construction; Matches runs on the runtime thread, once per event.
#pragma once

#include <cstdint>
#include <vector>

#include "core/event_record.h"

namespace metrics_runtime {

// Field at `offset` is one of `accepted` (numbers as records carry them: a member's index, a
// label's number, 0 or 1, or the uint32 itself).
struct FieldCondition {
  uint32_t offset = 0;
  std::vector<uint32_t> accepted;
};

class EventPredicate {
 public:
  EventPredicate() = default;
  explicit EventPredicate(std::vector<FieldCondition> conditions);

  [[nodiscard]] bool Matches(const EventRecord& record) const noexcept {
    for (const FieldCondition& condition : conditions_) {
      if (!Holds(condition, record.U32(condition.offset))) return false;
    }
    return true;
  }

 private:
  [[nodiscard]] static bool Holds(const FieldCondition& condition, uint32_t value) noexcept;

  std::vector<FieldCondition> conditions_;
};

}  // namespace metrics_runtime
