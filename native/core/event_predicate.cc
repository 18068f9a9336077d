#include "core/event_predicate.h"

#include <algorithm>
#include <utility>

namespace metrics_runtime {

EventPredicate::EventPredicate(std::vector<FieldCondition> conditions)
    : conditions_(std::move(conditions)) {
  for (FieldCondition& condition : conditions_) std::ranges::sort(condition.accepted);
}

bool EventPredicate::Holds(const FieldCondition& condition, uint32_t value) noexcept {
  const std::vector<uint32_t>& accepted = condition.accepted;
  if (accepted.size() == 1) return accepted.front() == value;
  return std::ranges::binary_search(accepted, value);
}

}  // namespace metrics_runtime
