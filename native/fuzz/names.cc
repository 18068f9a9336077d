// The names that people give, made legal; and who may have which of them.
#include "core/exposition/names.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/exposition/family_registry.h"
#include "support/oracle.h"

namespace metrics_runtime::fuzz {

namespace {

constexpr size_t kMostText = 200;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsPartOfName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_';
}
bool IsLegalPart(std::string_view text) { return std::ranges::all_of(text, IsPartOfName); }
bool IsLegal(std::string_view name) {
  return !name.empty() && !IsDigit(name.front()) && IsLegalPart(name);
}

void TryNames(const std::string& text) {
  const std::string name = LegalName(text);
  Require(IsLegal(name), "LegalName gives a name that is not legal");
  Require(!IsLegal(text) || name == text, "LegalName changes a legal name");
  Require(LegalName(name) == name, "LegalName changes its own result");
  Require(name.size() <= text.size() + 1, "LegalName gives more than a byte for a byte");

  const std::string label = LegalLabelName(text);
  Require(IsLegal(label), "LegalLabelName gives a name that is not legal");
  Require(LegalLabelName(label) == label, "LegalLabelName changes its own result");
  Require(!label.starts_with("__"),
          "LegalLabelName gives a name that Prometheus has a meaning for");
  for (const std::string_view taken : {"le", "quantile", "recorder", "entity"}) {
    Require(label != taken, "LegalLabelName gives a name that a format has a meaning for");
  }
  Require(label == name || label == "exported_" + name, "LegalLabelName is not LegalName's");
}

void TryUnit(const std::string& text, FamilyType type) {
  const std::string unit = UnitName(text, type);
  Require(IsLegalPart(unit), "UnitName gives a unit that is no part of a legal name");
  Require(unit.empty() || (unit.front() != '_' && unit.back() != '_'),
          "UnitName gives a unit with '_' at its ends");
  if (text.find_first_of("{}") == std::string::npos) {
    Require(UnitName(text + "{note}", type) == unit, "UnitName takes a note for the unit");
  }
}

Family TryFamily(std::string_view prefix, const std::vector<std::string>& texts, FamilyType type,
                 const std::string& unit) {
  const std::vector<std::string_view> parts(texts.begin(), texts.end());
  Family family = MakeFamily(prefix, parts, type, "", unit);
  Require(IsLegal(family.name), "MakeFamily gives a name that is not legal");
  Require(family.unit == UnitName(unit, type), "MakeFamily gives another unit than UnitName");
  Require(family.unit.empty() || family.name.ends_with(family.unit),
          "MakeFamily gives a name without its unit");
  const std::string_view without(family.name.data(), family.name.size() - family.unit.size());
  Require(HasUnitSuffix(family) == (!family.unit.empty() && without.ends_with('_')),
          "HasUnitSuffix does not say what the end of the name is");

  const std::array<std::string_view, 1> again{family.name};
  Family as_it_is = family;
  as_it_is.unit.clear();
  if (type == FamilyType::kCounter) {
    const std::string sample = family.name + "_total";
    const std::array<std::string_view, 1> with_total{sample};
    Require(MakeFamily("", with_total, type, "", "") == as_it_is,
            "MakeFamily does not take one \"_total\" off a counter");
  } else {
    Require(MakeFamily("", again, type, "", "") == as_it_is, "MakeFamily changes its own result");
  }

  const std::vector<std::string> names = SampleNames(family);
  Require(!names.empty() && names.front() == family.name, "SampleNames leaves out the family's");
  Require(std::ranges::all_of(names, IsLegal), "SampleNames gives a name that is not legal");
  Require(std::unordered_set<std::string>(names.begin(), names.end()).size() == names.size(),
          "SampleNames gives a name twice");
  return family;
}

// Families that two recorders take and give back. Whoever has one has all of its names, and of two
// that share a name only one meaning is there.
class Claims {
 public:
  void Take(size_t recorder, ExposedFamily exposed, bool replaces) {
    auto& own = claims_[recorder];
    const std::shared_ptr<FamilyRegistry::Claim> replaced =
        replaces && !own.empty() ? own.back().claim : nullptr;
    FamilyRegistry::Refusal refusal;
    auto claim = families_->Take(&own, {&exposed, 1}, replaced, refusal);
    if (claim == nullptr) {
      Require(!refusal.name.empty(), "FamilyRegistry refuses without a name");
      Require(replaced == nullptr || replaced->holds(),
              "FamilyRegistry refuses, and takes what was to be replaced");
      return;
    }
    if (replaced != nullptr) {
      Require(!replaced->holds(), "FamilyRegistry leaves its names to what was replaced");
      own.pop_back();
    }
    own.push_back({std::move(claim), std::move(exposed)});
    RequireNoneShared();
  }
  void Release(size_t recorder) {
    if (!claims_[recorder].empty()) claims_[recorder].pop_back();
  }
  // With nothing left, everything is free.
  void ReleaseAll() {
    std::vector<ExposedFamily> released;
    for (auto& own : claims_) {
      for (Owned& owned : own) {
        Require(owned.claim->holds(), "FamilyRegistry forgets a claim");
        released.push_back(std::move(owned.exposed));
      }
      own.clear();
    }
    for (const ExposedFamily& exposed : released) {
      FamilyRegistry::Refusal refusal;
      Require(families_->Take(nullptr, {&exposed, 1}, nullptr, refusal) != nullptr,
              "FamilyRegistry keeps a name that nobody has");
    }
  }

 private:
  struct Owned {
    std::shared_ptr<FamilyRegistry::Claim> claim;
    ExposedFamily exposed;
  };

  void RequireNoneShared() const {
    for (const auto& own : claims_) {
      std::unordered_set<std::string> seen;
      for (const Owned& owned : own) {
        for (std::string& name : SampleNames(owned.exposed.family)) {
          Require(seen.insert(std::move(name)).second,
                  "FamilyRegistry gives one recorder a name twice");
        }
      }
    }
    for (const Owned& one : claims_[0]) {
      for (const Owned& other : claims_[1]) RequireOneMeaning(one, other);
    }
  }
  static void RequireOneMeaning(const Owned& one, const Owned& other) {
    const Family& mine = one.exposed.family;
    const Family& theirs = other.exposed.family;
    const bool same =
        mine.name == theirs.name && mine.type == theirs.type && mine.unit == theirs.unit;
    if (same) return;
    const std::vector<std::string> names = SampleNames(theirs);
    for (const std::string& name : SampleNames(mine)) {
      Require(std::ranges::find(names, name) == names.end(),
              "FamilyRegistry gives one name two meanings");
    }
  }

  const std::shared_ptr<FamilyRegistry> families_ = std::make_shared<FamilyRegistry>();
  std::array<std::vector<Owned>, 2> claims_;
};

void TryAll(FuzzedDataProvider& input) {
  constexpr std::array kTypes = {FamilyType::kCounter, FamilyType::kGauge, FamilyType::kHistogram,
                                 FamilyType::kExponentialHistogram, FamilyType::kSummary};
  Claims claims;
  for (int i = 0; i < 8 && input.remaining_bytes() > 0; ++i) {
    const FamilyType type = input.PickValueInArray(kTypes);
    const std::string prefix = input.ConsumeRandomLengthString(kMostText);
    const std::string unit = input.ConsumeRandomLengthString(kMostText);
    std::vector<std::string> texts;
    for (size_t left = input.ConsumeIntegralInRange<size_t>(0, 3); left > 0; --left) {
      texts.push_back(input.ConsumeRandomLengthString(kMostText));
    }
    for (const std::string& text : texts) TryNames(text);
    TryNames(unit);
    TryUnit(unit, type);
    ExposedFamily exposed{.family = TryFamily(prefix, texts, type, unit)};
    for (const std::string& text : texts) exposed.label_names.push_back(LegalLabelName(text));
    if (input.ConsumeBool()) exposed.label_names.clear();
    const auto recorder = static_cast<size_t>(input.ConsumeBool());
    if (input.ConsumeBool()) claims.Release(recorder);
    claims.Take(recorder, std::move(exposed), input.ConsumeBool());
  }
  claims.ReleaseAll();
}

}  // namespace

}  // namespace metrics_runtime::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  FuzzedDataProvider input(bytes, size);
  metrics_runtime::fuzz::TryAll(input);
  return 0;
}
