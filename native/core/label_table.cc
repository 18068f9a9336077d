#include "core/label_table.h"

namespace metrics_runtime {

uint32_t LabelTable::Intern(std::string_view value) {
  const std::lock_guard lock(mutex_);
  const uint32_t found = strings_.Find(value);
  if (found == StringTable::kOverflowId || known_.contains(found)) return found;
  // Before the string is copied: a flood of values leaves nothing behind.
  if (counted_ >= max_values_) return StringTable::kOverflowId;
  const uint32_t id = strings_.Intern(value);
  known_.insert(id);
  ++counted_;
  return id;
}

uint32_t LabelTable::InternNamed(std::string_view value) {
  const uint32_t id = strings_.Intern(value);
  if (id == StringTable::kOverflowId) return id;
  const std::lock_guard lock(mutex_);
  known_.insert(id);
  return id;
}

bool LabelTable::full() const {
  const std::lock_guard lock(mutex_);
  return counted_ >= max_values_;
}

std::vector<uint32_t> LabelTable::ids() const {
  const std::lock_guard lock(mutex_);
  return {known_.begin(), known_.end()};
}

}  // namespace metrics_runtime
