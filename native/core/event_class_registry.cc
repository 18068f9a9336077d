#include "core/event_class_registry.h"

#include <utility>

namespace metrics_runtime {

EventClassRegistry::Registration EventClassRegistry::Register(
    const std::vector<Declaration>& declarations) {
  const std::lock_guard lock(mutex_);
  // On copies first: whatever is refused or throws has changed nothing.
  auto by_type = by_type_;
  std::vector<std::unique_ptr<EventClass>> made;
  Registration registration;
  for (size_t i = 0; i < declarations.size(); ++i) {
    const auto& [event_type, fields] = declarations[i];
    const auto known = by_type.find(event_type);
    if (known != by_type.end()) {
      if (known->second->fields() != fields) return {{}, Refusal::kOtherFields, i};
      registration.event_classes.push_back(known->second);
      continue;
    }
    const size_t id = classes_.size() + made.size();
    if (id == kMaxClasses) return {{}, Refusal::kTooMany, i};
    made.push_back(
        std::make_unique<EventClass>(static_cast<uint32_t>(id), event_type, fields, strings_));
    by_type.emplace(event_type, made.back().get());
    registration.event_classes.push_back(made.back().get());
  }
  classes_.reserve(classes_.size() + made.size());
  by_type_ = std::move(by_type);
  for (auto& event_class : made) {
    // release: pairs with the acquire in Find.
    table_[event_class->id()].store(event_class.get(), std::memory_order_release);
    classes_.push_back(std::move(event_class));
  }
  return registration;
}

}  // namespace metrics_runtime
