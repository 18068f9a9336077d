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
      refusal = {.what = Refusal::What::kLabelName,
                 .name = *std::move(repeated),
                 .family = exposed.family.name};
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
  std::vector<Freed> freed;
  const std::lock_guard lock(mutex_);
  const std::vector<std::string> none;
  const std::vector<std::string>& before = replaced == nullptr ? none : replaced->names_;
  freed.reserve(before.size());
  names_.reserve(names_.size() + wanted.size());
  for (const std::string& name : before) freed.push_back(Remove(recorder, name));
  const auto take_back = [&] {
    for (const std::string& name : names) (void)Remove(recorder, name);
    for (size_t i = 0; i < before.size(); ++i) Restore(before[i], std::move(freed[i]));
  };
  try {
    for (auto& [family, name] : wanted) {
      if (Put(recorder, *family, name)) {
        names.push_back(std::move(name));
        continue;
      }
      refusal = WhyNot(recorder, *family, std::move(name));
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
  if (!added) {
    return HasRoom(holder, recorder, family) && holder.type == family.type &&
           holder.unit == family.unit && holder.recorders.insert(recorder).second;
  }
  try {
    holder = {
        .family = family.name, .type = family.type, .unit = family.unit, .recorders = {recorder}};
  } catch (...) {
    names_.erase(place);
    throw;
  }
  return true;
}

bool FamilyRegistry::HasRoom(const Holder& holder, const void* recorder, const Family& family) {
  return recorder != nullptr && holder.family == family.name &&
         !holder.recorders.contains(recorder) && !holder.recorders.contains(nullptr);
}

FamilyRegistry::Refusal FamilyRegistry::WhyNot(const void* recorder, const Family& family,
                                               std::string name) const {
  const Holder& holder = names_.at(name);
  const bool shared = HasRoom(holder, recorder, family);
  return {.what = shared ? Refusal::What::kMeaning : Refusal::What::kSampleName,
          .name = std::move(name),
          .type = holder.type,
          .unit = holder.unit};
}

FamilyRegistry::Freed FamilyRegistry::Remove(const void* recorder,
                                             const std::string& name) noexcept {
  const auto found = names_.find(name);
  if (found == names_.end()) return {};
  Freed freed;
  freed.recorder = found->second.recorders.extract(recorder);
  if (found->second.recorders.empty()) freed.name = names_.extract(found);
  return freed;
}

void FamilyRegistry::Restore(const std::string& name, Freed freed) noexcept {
  // Neither container has ever shrunk its buckets, so there is room for what was in it.
  if (!freed.name.empty()) (void)names_.insert(std::move(freed.name));
  (void)names_.find(name)->second.recorders.insert(std::move(freed.recorder));
}

void FamilyRegistry::Release(Claim& claim) noexcept {
  const std::lock_guard lock(mutex_);
  for (const std::string& name : claim.names_) (void)Remove(claim.recorder_, name);
}

}  // namespace metrics_runtime
