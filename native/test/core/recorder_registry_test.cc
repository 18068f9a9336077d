#include "core/recorder_registry.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

namespace metrics_runtime::test {

namespace {

using RecorderPtr = RecorderRegistry::RecorderPtr;

RecorderPtr Added(RecorderRegistry& registry, const std::string& id) {
  REQUIRE(registry.Reserve(id));
  auto recorder = std::make_shared<Recorder>(id, 1u);
  registry.Register(recorder);
  return recorder;
}

}  // namespace

TEST_CASE("recorder registry: lists and finds recorders in the order of their registration") {
  RecorderRegistry registry;
  REQUIRE(registry.Reserve("b"));
  const RecorderPtr first = Added(registry, "c");
  const RecorderPtr second = Added(registry, "a");
  const auto third = std::make_shared<Recorder>("b", 1u);
  registry.Register(third);
  CHECK(registry.Ids() == std::vector<std::string>{"c", "a", "b"});
  CHECK(registry.All() == std::vector<RecorderPtr>{first, second, third});
  CHECK(registry.Find("a") == second);
  CHECK(registry.Find("d") == nullptr);
}

TEST_CASE("recorder registry: an id is taken in every phase and free after the last") {
  RecorderRegistry registry;
  REQUIRE(registry.Reserve("a"));
  CHECK_FALSE(registry.Reserve("a"));
  registry.Register(std::make_shared<Recorder>("a", 1u));
  CHECK_FALSE(registry.Reserve("a"));
  REQUIRE(registry.BeginRemoval("a") != nullptr);
  CHECK_FALSE(registry.Reserve("a"));
  registry.Erase("a");
  CHECK(registry.Reserve("a"));
  registry.CancelReservation("a");
  CHECK(registry.Reserve("a"));
}

TEST_CASE("recorder registry: a reserved id is neither found nor listed nor removed") {
  RecorderRegistry registry;
  REQUIRE(registry.Reserve("a"));
  CHECK(registry.Find("a") == nullptr);
  CHECK(registry.Ids().empty());
  CHECK(registry.All().empty());
  CHECK(registry.BeginRemoval("a") == nullptr);
}

TEST_CASE("recorder registry: a recorder that is leaving is not found but still among all") {
  RecorderRegistry registry;
  const RecorderPtr recorder = Added(registry, "a");
  CHECK(registry.BeginRemoval("a") == recorder);
  CHECK(registry.Find("a") == nullptr);
  CHECK(registry.Ids().empty());
  CHECK(registry.All() == std::vector<RecorderPtr>{recorder});
  registry.Erase("a");
  CHECK(registry.All().empty());
}

TEST_CASE("recorder registry: of many that remove one recorder one gets it") {
  RecorderRegistry registry;
  for (int round = 0; round < 200; ++round) {
    (void)Added(registry, "a");
    std::atomic<int> winners{0};
    std::vector<std::thread> removers;
    for (int i = 0; i < 3; ++i) {
      removers.emplace_back([&] { winners += registry.BeginRemoval("a") != nullptr; });
    }
    for (auto& remover : removers) remover.join();
    REQUIRE(winners == 1);
    registry.Erase("a");
  }
}

}  // namespace metrics_runtime::test
