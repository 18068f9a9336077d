#include "core/recorder_registry.h"

#include <algorithm>
#include <utility>

namespace metrics_runtime {

bool RecorderRegistry::Reserve(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return entries_.try_emplace(id, Entry{Phase::kReserved, nullptr}).second;
}

void RecorderRegistry::Register(RecorderPtr recorder) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_.at(recorder->id());
  order_.push_back(recorder->id());
  entry = {Phase::kRegistered, std::move(recorder)};
}

bool RecorderRegistry::CancelReservation(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.phase != Phase::kReserved) return false;
  entries_.erase(found);
  return true;
}

RecorderRegistry::RecorderPtr RecorderRegistry::Find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.phase != Phase::kRegistered) return nullptr;
  return found->second.recorder;
}

RecorderRegistry::RecorderPtr RecorderRegistry::BeginRemoval(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.phase != Phase::kRegistered) return nullptr;
  found->second.phase = Phase::kLeaving;
  return found->second.recorder;
}

void RecorderRegistry::Erase(const std::string& id) {
  const std::lock_guard lock(mutex_);
  entries_.erase(id);
  std::erase(order_, id);
}

std::vector<std::string> RecorderRegistry::Ids() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const std::string& id : order_) {
    if (entries_.at(id).phase == Phase::kRegistered) ids.push_back(id);
  }
  return ids;
}

std::vector<RecorderRegistry::RecorderPtr> RecorderRegistry::All() const {
  const std::lock_guard lock(mutex_);
  std::vector<RecorderPtr> all;
  all.reserve(order_.size());
  for (const std::string& id : order_) all.push_back(entries_.at(id).recorder);
  return all;
}

}  // namespace metrics_runtime
