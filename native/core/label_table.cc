#include "core/label_table.h"

namespace metrics_runtime {

uint32_t LabelTable::Intern(std::string_view value) {
  if (value == kOverflowValue) return kOverflowId;
  const std::lock_guard lock(mutex_);
  if (const auto found = ids_.find(value); found != ids_.end()) return found->second;
  if (counted_ >= max_values_) return kOverflowId;
  const uint32_t id = Add(value);
  ++counted_;
  return id;
}

uint32_t LabelTable::InternNamed(std::string_view value) {
  if (value == kOverflowValue) return kOverflowId;
  const std::lock_guard lock(mutex_);
  if (const auto found = ids_.find(value); found != ids_.end()) return found->second;
  return Add(value);
}

uint32_t LabelTable::Add(std::string_view value) {
  values_.emplace_back(value);
  const auto id = static_cast<uint32_t>(values_.size());
  try {
    ids_.emplace(values_.back(), id);
  } catch (...) {
    values_.pop_back();
    throw;
  }
  return id;
}

bool LabelTable::full() const {
  const std::lock_guard lock(mutex_);
  return counted_ >= max_values_;
}

std::deque<std::string> LabelTable::values() const {
  const std::lock_guard lock(mutex_);
  return values_;
}

}  // namespace metrics_runtime
