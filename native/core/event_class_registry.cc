#include "core/event_class_registry.h"

namespace metrics_runtime {

EventClassRegistry::Registration EventClassRegistry::Register(
    const std::string& event_type, const std::vector<FieldSpec>& fields) {
  const std::lock_guard lock(mutex_);
  if (const auto known = by_type_.find(event_type); known != by_type_.end()) {
    if (known->second->fields() != fields) return {known->second, Refusal::kOtherFields};
    return {known->second, Refusal::kNone};
  }
  const auto id = static_cast<uint32_t>(classes_.size());
  if (id == kMaxClasses) return {nullptr, Refusal::kTooMany};

  auto made = std::make_unique<EventClass>(id, event_type, fields);
  const EventClass* event_class = made.get();
  classes_.reserve(classes_.size() + 1);  // the last step that can throw comes before the map's
  by_type_.emplace(event_type, event_class);
  classes_.push_back(std::move(made));
  // release: pairs with the acquire in Find.
  table_[id].store(event_class, std::memory_order_release);
  return {event_class, Refusal::kNone};
}

}  // namespace metrics_runtime
