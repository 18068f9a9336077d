#include "core/exposition/family_registry.h"

#include <algorithm>
#include <optional>

#include "core/exposition/names.h"

namespace metrics_runtime {

namespace {

std::optional<std::string> RepeatedLabel(const ExposedFamily& exposed) {
  const auto& names = exposed.label_names;
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) != name) return *name;
  }
  return std::nullopt;
}

}  // namespace

std::shared_ptr<FamilyRegistry::Claim> FamilyRegistry::Take(const void* recorder,
                                                            std::span<const ExposedFamily> families,
                                                            const std::shared_ptr<Claim>& replaced,
                                                            Refusal& refusal) {
  for (const ExposedFamily& exposed : families) {
    if (auto repeated = RepeatedLabel(exposed)) {
      refusal = {Refusal::What::kLabelName, *std::move(repeated)};
      return nullptr;
    }
  }
  auto claim = std::make_shared<Claim>(shared_from_this(), recorder);  // ends after the lock
  std::vector<std::pair<const Family*, std::string>> wanted;
  for (const ExposedFamily& exposed : families) {
    for (std::string& name : SampleNames(exposed.family)) {
      wanted.emplace_back(&exposed.family, std::move(name));
    }
  }
  std::vector<std::string> names;
  names.reserve(wanted.size());
  std::vector<Names::node_type> freed;
  const std::lock_guard lock(mutex_);
  const std::vector<std::string> none;
  const std::vector<std::string>& before = replaced == nullptr ? none : replaced->names_;
  freed.reserve(before.size());
  names_.reserve(names_.size() + wanted.size());
  for (const std::string& name : before) Remove(recorder, name, &freed);
  const auto take_back = [&] {
    for (const std::string& name : names) Remove(recorder, name, nullptr);
    Restore(recorder, before, freed);
  };
  try {
    for (auto& [family, name] : wanted) {
      if (Put(recorder, *family, name)) {
        names.push_back(std::move(name));
        continue;
      }
      refusal = {Refusal::What::kSampleName, std::move(name)};
      take_back();
      return nullptr;
    }
  } catch (...) {
    take_back();
    throw;
  }
  claim->names_ = std::move(names);
  if (replaced != nullptr) replaced->names_.clear();
  return claim;
}

bool FamilyRegistry::Put(const void* recorder, const Family& family, const std::string& name) {
  const auto [place, added] = names_.try_emplace(name);
  Holder& holder = place->second;
  if (added) {
    try {
      holder = {
          .family = family.name, .type = family.type, .unit = family.unit, .recorders = {recorder}};
    } catch (...) {
      names_.erase(place);
      throw;
    }
    return true;
  }
  const bool same = recorder != nullptr && holder.family == family.name &&
                    holder.type == family.type && holder.unit == family.unit &&
                    std::ranges::find(holder.recorders, recorder) == holder.recorders.end() &&
                    std::ranges::find(holder.recorders, nullptr) == holder.recorders.end();
  if (same) holder.recorders.push_back(recorder);
  return same;
}

void FamilyRegistry::Remove(const void* recorder, const std::string& name,
                            std::vector<Names::node_type>* freed) noexcept {
  const auto found = names_.find(name);
  if (found == names_.end()) return;
  std::erase(found->second.recorders, recorder);
  if (!found->second.recorders.empty()) return;
  auto node = names_.extract(found);
  if (freed != nullptr) freed->push_back(std::move(node));
}

void FamilyRegistry::Restore(const void* recorder, std::span<const std::string> names,
                             std::vector<Names::node_type>& freed) noexcept {
  // Every vector here had the recorder in it, so there is room for it.
  for (auto& node : freed) (void)names_.insert(std::move(node));
  for (const std::string& name : names) names_.find(name)->second.recorders.push_back(recorder);
}

void FamilyRegistry::Release(Claim& claim) noexcept {
  const std::lock_guard lock(mutex_);
  for (const std::string& name : claim.names_) Remove(claim.recorder_, name, nullptr);
}

}  // namespace metrics_runtime
