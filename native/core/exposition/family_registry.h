// Who has which metric family in the expositions of one runtime. Recorders share a family when
// their name, type and unit are equal: its series differ by the label "recorder". All else that
// would put two things under one name is refused when a metric is registered, so that an exposition
// never has to.
//
// Threads: any; it locks for itself. Throws std::bad_alloc, with nothing changed.
//
// Lifetime: shared by the runtime and every claim.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/exposition/exposed_family.h"
#include "core/exposition/family.h"

namespace metrics_runtime {

class FamilyRegistry : public std::enable_shared_from_this<FamilyRegistry> {
 public:
  // Families of one metric; they are its until the claim goes.
  class Claim {
   public:
    Claim(std::shared_ptr<FamilyRegistry> registry, const void* recorder) noexcept
        : registry_(std::move(registry)), recorder_(recorder) {}
    ~Claim() { registry_->Release(*this); }
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;

    // Not since another has replaced it.
    [[nodiscard]] bool holds() const {
      const std::lock_guard lock(registry_->mutex_);
      return !names_.empty();
    }

   private:
    friend class FamilyRegistry;
    const std::shared_ptr<FamilyRegistry> registry_;
    const void* const recorder_;
    std::vector<std::string> names_;  // under the registry's mutex_
  };

  // What a metric cannot have.
  struct Refusal {
    enum class What {
      kSampleName,  // another metric has it
      kMeaning,     // it is what another recorder has, with the type and the unit here
      kLabelName,   // two labels of `family` have it
    };
    What what = What::kSampleName;
    std::string name;
    FamilyType type = FamilyType::kGauge;
    std::string unit = {};
    std::string family = {};
  };

  FamilyRegistry() = default;
  FamilyRegistry(const FamilyRegistry&) = delete;
  FamilyRegistry& operator=(const FamilyRegistry&) = delete;

  // For a metric of the recorder that `recorder` stands for; nullptr: nobody is to share these
  // families. `replaced`, of the same recorder and maybe nullptr, makes room for it and claims
  // nothing any more. nullptr: refused, nothing has changed.
  [[nodiscard]] std::shared_ptr<Claim> Take(const void* recorder,
                                            std::span<const ExposedFamily> families,
                                            const std::shared_ptr<Claim>& replaced,
                                            Refusal& refusal);

 private:
  // Who has the name of a sample.
  struct Holder {
    std::string family;
    FamilyType type = FamilyType::kGauge;
    std::string unit;
    std::unordered_set<const void*> recorders;
  };
  using Names = std::unordered_map<std::string, Holder>;
  // What a claim no longer has, so that it can come back without memory: the recorder among the
  // holders of a name and, if it was the last one, the name.
  struct Freed {
    std::unordered_set<const void*>::node_type recorder;
    Names::node_type name;
  };

  // Under mutex_.
  [[nodiscard]] bool Put(const void* recorder, const Family& family, const std::string& name);
  // For the recorder beside those who hold it: it is the same family, and neither its own already
  // nor one that is not shared.
  [[nodiscard]] static bool HasRoom(const Holder& holder, const void* recorder,
                                    const Family& family);
  // Why Put did not.
  [[nodiscard]] Refusal WhyNot(const void* recorder, const Family& family, std::string name) const;
  [[nodiscard]] Freed Remove(const void* recorder, const std::string& name) noexcept;
  void Restore(const std::string& name, Freed freed) noexcept;

  void Release(Claim& claim) noexcept;

  std::mutex mutex_;
  Names names_;
};

}  // namespace metrics_runtime
