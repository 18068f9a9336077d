#include "core/exposition/family_registry.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/exposition/names.h"
#include "support/refused_memory.h"

namespace metrics_runtime::test {

namespace {

using What = FamilyRegistry::Refusal::What;
using ClaimPtr = std::shared_ptr<FamilyRegistry::Claim>;
using Exposed = std::vector<ExposedFamily>;

constexpr int kA = 1;
constexpr int kB = 2;
constexpr int kC = 3;

ExposedFamily Of(std::string name, FamilyType type, std::string unit = "") {
  return {.family = {.name = std::move(name), .type = type, .help = "", .unit = std::move(unit)}};
}
ExposedFamily Gauge(std::string name, std::string unit = "") {
  return Of(std::move(name), FamilyType::kGauge, std::move(unit));
}
ExposedFamily Counter(std::string name) { return Of(std::move(name), FamilyType::kCounter); }

struct Names {
  ClaimPtr Take(const int* recorder, const Exposed& families, const ClaimPtr& replaced = nullptr) {
    refusal = {.name = "none"};
    return registry->Take(recorder, families, replaced, refusal);
  }
  // Whether `recorder` may have this family now; it does not keep it.
  bool IsFree(const int* recorder, const ExposedFamily& family) {
    return Take(recorder, {family}) != nullptr;
  }
  bool Refuses(const int* recorder, const Exposed& families, What what, const std::string& name) {
    return Take(recorder, families) == nullptr && refusal.what == what && refusal.name == name;
  }

  std::shared_ptr<FamilyRegistry> registry = std::make_shared<FamilyRegistry>();
  FamilyRegistry::Refusal refusal;
};

}  // namespace

TEST_CASE("family registry: recorders share a family and the help may differ") {
  Names names;
  ExposedFamily helped = Counter("a");
  helped.family.help = "Helps.";
  helped.label_names = {"x"};
  const auto one = names.Take(&kA, {Counter("a")});
  const auto two = names.Take(&kB, {helped});
  CHECK(one != nullptr);
  CHECK(two != nullptr);
  CHECK(names.IsFree(&kC, Counter("a")));
}

TEST_CASE("family registry: what differs in type or unit is refused under its own name") {
  Names names;
  const auto one = names.Take(&kA, {Gauge("a_seconds", "seconds")});
  for (const ExposedFamily& comes : {Counter("a_seconds"), Gauge("a_seconds")}) {
    CHECK(names.Refuses(&kB, {comes}, What::kMeaning, "a_seconds"));
    CHECK(names.refusal.type == FamilyType::kGauge);  // what there is already
    CHECK(names.refusal.unit == "seconds");
    CHECK(names.Refuses(&kA, {comes}, What::kSampleName, "a_seconds"));
  }
  CHECK(names.Refuses(&kA, {Gauge("a_seconds", "seconds")}, What::kSampleName, "a_seconds"));
  CHECK(names.IsFree(&kB, Gauge("a_seconds", "seconds")));
}

TEST_CASE("family registry: a sample of one family is not the name of another") {
  struct Case {
    ExposedFamily there;
    ExposedFamily comes;
    std::string name;
  };
  const std::array<Case, 9> cases = {{
      {Counter("a"), Gauge("a_total"), "a_total"},
      {Counter("a"), Gauge("a_created"), "a_created"},
      {Gauge("a_total"), Counter("a"), "a_total"},
      {Of("a", FamilyType::kHistogram), Gauge("a_bucket"), "a_bucket"},
      {Of("a", FamilyType::kHistogram), Gauge("a_sum"), "a_sum"},
      {Of("a", FamilyType::kSummary), Gauge("a_count"), "a_count"},
      {Of("a", FamilyType::kExponentialHistogram), Gauge("a_bucket"), "a_bucket"},
      {Of("a", FamilyType::kExponentialHistogram), Of("a", FamilyType::kHistogram), "a"},
      {Gauge("a_sum"), Of("a", FamilyType::kSummary), "a_sum"},
  }};
  for (const auto& [there, comes, name] : cases) {
    CAPTURE(name);
    for (const int* const other : {&kA, &kB}) {
      Names names;
      const auto claim = names.Take(&kA, {there});
      const bool same = other == &kB && there.family.name == comes.family.name;
      CHECK(names.Refuses(other, {comes}, same ? What::kMeaning : What::kSampleName, name));
      // What of it had a place has none any more.
      for (const std::string& sample : SampleNames(comes.family)) {
        const bool held = std::ranges::count(SampleNames(there.family), sample) > 0;
        const bool shared = there.family == Gauge(sample).family;
        CHECK(names.IsFree(&kC, Gauge(sample)) == (!held || shared));
      }
    }
  }
}

TEST_CASE("family registry: a summary has no buckets so that their name is free beside it") {
  Names names;
  const auto claim = names.Take(&kA, {Of("a", FamilyType::kSummary), Gauge("a_bucket")});
  CHECK(claim != nullptr);
}

TEST_CASE("family registry: two families of one metric have different names") {
  Names names;
  CHECK(names.Refuses(&kA, {Gauge("b"), Gauge("a"), Gauge("a")}, What::kSampleName, "a"));
  CHECK(names.Refuses(&kA, {Counter("a"), Gauge("a_total")}, What::kSampleName, "a_total"));
  CHECK(names.IsFree(&kB, Counter("b")));
  CHECK(names.IsFree(&kB, Counter("a")));
}

TEST_CASE("family registry: two labels of one family have different names") {
  Names names;
  ExposedFamily repeated = Gauge("a");
  repeated.label_names = {"x", "y", "z", "y"};
  ExposedFamily fine = Gauge("b");
  fine.label_names = {"x", "y"};
  CHECK(names.Refuses(&kA, {fine, repeated}, What::kLabelName, "y"));
  CHECK(names.IsFree(&kB, Counter("a")));
  CHECK(names.IsFree(&kB, Counter("b")));
}

TEST_CASE("family registry: nobody shares what nullptr has, nor nullptr what others have") {
  Names names;
  const auto own = names.Take(nullptr, {Counter("own")});
  REQUIRE(own != nullptr);
  CHECK(names.Refuses(&kA, {Counter("own")}, What::kSampleName, "own"));
  CHECK(names.Refuses(nullptr, {Counter("own")}, What::kSampleName, "own"));
  CHECK(names.Refuses(&kA, {Gauge("own_total")}, What::kSampleName, "own_total"));
  const auto theirs = names.Take(&kA, {Counter("theirs")});
  CHECK(names.Refuses(nullptr, {Counter("theirs")}, What::kSampleName, "theirs"));
  CHECK(names.IsFree(&kB, Counter("theirs")));
}

TEST_CASE("family registry: a name is free when the last claim to it ends") {
  Names names;
  auto one = names.Take(&kA, {Counter("a"), Gauge("b")});
  auto two = names.Take(&kB, {Counter("a")});
  one.reset();
  CHECK(names.IsFree(&kA, Counter("a")));
  CHECK_FALSE(names.IsFree(&kA, Gauge("a")));
  CHECK(names.IsFree(&kA, Counter("b")));
  two.reset();
  CHECK(names.IsFree(&kA, Gauge("a")));
  CHECK(names.IsFree(&kA, Gauge("a_total")));
}

TEST_CASE("family registry: a claim may outlive whoever made the registry") {
  Names names;
  auto one = names.Take(&kA, {Counter("a")});
  names.registry.reset();
  one.reset();
}

TEST_CASE(
    "family registry: what replaces a metric has its room and gives up what it does not use") {
  Names names;
  const auto before = names.Take(&kA, {Counter("a"), Gauge("b")});
  const auto after = names.Take(&kA, {Gauge("a"), Gauge("a_total")}, before);
  REQUIRE(after != nullptr);
  CHECK(names.IsFree(&kB, Counter("b")));
  CHECK_FALSE(names.IsFree(&kB, Counter("a")));
  CHECK(names.IsFree(&kB, Gauge("a")));
}

TEST_CASE("family registry: the end of a claim that was replaced frees nothing of its successor") {
  Names names;
  auto before = names.Take(&kA, {Counter("a")});
  const auto after = names.Take(&kA, {Counter("a")}, before);
  REQUIRE(after != nullptr);
  before.reset();
  CHECK(names.Refuses(&kA, {Counter("a")}, What::kSampleName, "a"));
  CHECK_FALSE(names.IsFree(&kB, Gauge("a")));
}

TEST_CASE("family registry: a shared family cannot be replaced by one of another type") {
  Names names;
  const auto before = names.Take(&kA, {Gauge("b"), Counter("a")});
  const auto others = names.Take(&kB, {Counter("a")});
  for (int i = 0; i < 3; ++i) {
    CHECK(names.Take(&kA, {Gauge("c"), Gauge("b"), Gauge("a")}, before) == nullptr);
    CHECK(names.refusal.name == "a");
  }
  // All is as it was.
  CHECK(names.IsFree(&kC, Counter("c")));
  CHECK(names.Refuses(&kA, {Counter("a")}, What::kSampleName, "a"));
  CHECK(names.Refuses(&kA, {Gauge("b")}, What::kSampleName, "b"));
  CHECK_FALSE(names.IsFree(&kB, Counter("b")));
  CHECK(names.Take(&kA, {Counter("a")}, before) != nullptr);
}

TEST_CASE("family registry: a replacement that repeats itself leaves what it would replace") {
  Names names;
  const auto before = names.Take(&kA, {Counter("a")});
  CHECK(names.Take(&kA, {Gauge("a"), Gauge("x"), Gauge("a")}, before) == nullptr);
  CHECK(names.refusal.name == "a");
  CHECK(names.IsFree(&kB, Counter("a")));
  CHECK(names.IsFree(&kB, Counter("x")));
  CHECK(names.Refuses(&kB, {Gauge("a_created")}, What::kSampleName, "a_created"));
}

TEST_CASE("family registry: no families make a claim that may replace and be replaced") {
  Names names;
  auto nothing = names.Take(&kA, {});
  REQUIRE(nothing != nullptr);
  auto some = names.Take(&kA, {Counter("a")}, nothing);
  REQUIRE(some != nullptr);
  nothing.reset();
  CHECK_FALSE(names.IsFree(&kB, Gauge("a")));
  REQUIRE(names.Take(&kA, {}, some) != nullptr);
  CHECK(names.IsFree(&kB, Gauge("a")));
}

TEST_CASE("family registry: memory refused at any allocation leaves everything as it was") {
  Names names;
  const std::string long_name(100, 'l');
  auto replaced =
      names.Take(&kA, {Counter("a"), Of(long_name, FamilyType::kHistogram), Gauge("shared")});
  const auto others = names.Take(&kB, {Gauge("shared"), Counter("joined")});
  // One that is its alone, of another type; one that it shares; one that is new; one to join.
  const Exposed wanted = {Gauge(long_name), Gauge("shared"), Of("new", FamilyType::kSummary),
                          Counter("joined")};
  ClaimPtr claim;
  FamilyRegistry::Refusal refusal;
  size_t granted = 0;
  while (
      IsRefused(granted, [&] { claim = names.registry->Take(&kA, wanted, replaced, refusal); })) {
    CAPTURE(granted);
    REQUIRE(claim == nullptr);
    REQUIRE_FALSE(names.IsFree(&kB, Gauge("a")));
    REQUIRE_FALSE(names.IsFree(&kA, Counter("a")));
    REQUIRE(names.IsFree(&kC, Counter("a")));
    REQUIRE(names.IsFree(&kC, Of(long_name, FamilyType::kHistogram)));
    REQUIRE(names.Refuses(&kA, {Gauge(long_name + "_sum")}, What::kSampleName, long_name + "_sum"));
    REQUIRE_FALSE(names.IsFree(&kA, Gauge("shared")));
    REQUIRE(names.IsFree(&kA, Counter("joined")));
    REQUIRE(names.IsFree(&kC, Counter("new")));
    REQUIRE(names.IsFree(&kC, Gauge("new_sum")));
    ++granted;
  }
  CHECK(granted > 10);
  REQUIRE(claim != nullptr);
  replaced.reset();
  CHECK(names.IsFree(&kB, Gauge("a")));
  CHECK(names.IsFree(&kC, Gauge(long_name)));
  CHECK_FALSE(names.IsFree(&kA, Counter("joined")));
  CHECK_FALSE(names.IsFree(&kC, Gauge("new_sum")));
}

TEST_CASE("family registry: agrees with a model whatever is taken and given up") {
  constexpr std::array kNames = {"a", "a_total", "a_bucket", "b", "b_created", "b_sum", "c"};
  constexpr std::array kTypes = {FamilyType::kCounter, FamilyType::kGauge, FamilyType::kHistogram,
                                 FamilyType::kSummary};
  constexpr std::array<const int*, 4> kRecorders = {&kA, &kB, &kC, nullptr};
  struct Taken {
    const int* recorder;
    Exposed families;
    ClaimPtr claim;
  };
  for (const uint32_t seed : {1u, 2u, 3u}) {
    std::mt19937 random(seed);
    const auto below = [&](size_t limit) { return static_cast<size_t>(random() % limit); };
    Names names;
    std::vector<Taken> model;
    // The name that `comes` cannot have beside the others; "" when it can have all of its names.
    const auto refused = [&](const Taken& comes, const Taken* replaced) -> std::string {
      std::vector<std::pair<const int*, const Family*>> there;
      for (const Taken& taken : model) {
        if (&taken == replaced) continue;
        for (const auto& exposed : taken.families)
          there.emplace_back(taken.recorder, &exposed.family);
      }
      for (const ExposedFamily& exposed : comes.families) {
        const Family& family = exposed.family;
        for (const std::string& name : SampleNames(family)) {
          for (const auto& [recorder, other] : there) {
            if (std::ranges::count(SampleNames(*other), name) == 0) continue;
            const bool shared = other->name == family.name && other->type == family.type &&
                                other->unit == family.unit && recorder != comes.recorder &&
                                recorder != nullptr && comes.recorder != nullptr;
            if (!shared) return name;
          }
        }
        there.emplace_back(comes.recorder, &family);
      }
      return "";
    };
    size_t taken_count = 0;
    size_t refused_count = 0;
    for (int step = 0; step < 5'000; ++step) {
      if (!model.empty() && below(3) == 0) {
        model.erase(model.begin() + static_cast<std::ptrdiff_t>(below(model.size())));
        continue;
      }
      Taken comes{.recorder = kRecorders[below(kRecorders.size())], .families = {}, .claim = {}};
      Taken* replaced = nullptr;
      if (!model.empty() && below(2) == 0) {
        replaced = &model[below(model.size())];
        comes.recorder = replaced->recorder;
      }
      for (size_t i = below(4); i > 0; --i) {
        comes.families.push_back(Of(kNames[below(kNames.size())], kTypes[below(kTypes.size())],
                                    below(4) == 0 ? "s" : ""));
      }
      const std::string expected = refused(comes, replaced);
      comes.claim = names.Take(comes.recorder, comes.families,
                               replaced == nullptr ? nullptr : replaced->claim);
      REQUIRE((comes.claim == nullptr) == !expected.empty());
      if (comes.claim == nullptr) {
        REQUIRE(names.refusal.name == expected);
        ++refused_count;
      } else {
        ++taken_count;
        if (replaced != nullptr) {
          *replaced = std::move(comes);
        } else {
          model.push_back(std::move(comes));
        }
      }
    }
    CHECK(taken_count > 500);
    CHECK(refused_count > 500);
  }
}

}  // namespace metrics_runtime::test
