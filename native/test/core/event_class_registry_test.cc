#include "core/event_class_registry.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/fields.h"

namespace metrics_runtime::test {

namespace {

using Refusal = EventClassRegistry::Refusal;

}  // namespace

TEST_CASE("event class registry: numbers classes in order of their first use") {
  EventClassRegistry classes;
  CHECK(Registered(classes, "a", {}).id() == 0);
  CHECK(Registered(classes, "b", {}).id() == 1);
  CHECK(Registered(classes, "a", {}).id() == 0);
  CHECK(Registered(classes, "c", {}).id() == 2);
}

TEST_CASE("event class registry: gives the same class for the same type and fields") {
  EventClassRegistry classes;
  const std::vector<FieldSpec> fields = {OneOf("o", {"x", "y"}), Label("l", 5), Float64("f")};
  const EventClass& first = Registered(classes, "e", fields);
  CHECK(&Registered(classes, "e", fields) == &first);
  CHECK(classes.Find(first.id()) == &first);
}

TEST_CASE("event class registry: refuses the same type with other fields of whatever difference") {
  EventClassRegistry classes;
  const std::vector<FieldSpec> fields = {OneOf("o", {"x", "y"}), Label("l", 5)};
  REQUIRE(classes.Register({{"e", fields}}).refusal == Refusal::kNone);
  const std::vector<std::vector<FieldSpec>> others = {
      {},
      {OneOf("o", {"x", "y"})},
      {Label("l", 5), OneOf("o", {"x", "y"})},
      {OneOf("p", {"x", "y"}), Label("l", 5)},
      {OneOf("o", {"y", "x"}), Label("l", 5)},
      {OneOf("o", {"x", "y", "z"}), Label("l", 5)},
      {OneOf("o", {"x", "y"}), Label("l", 6)},
      {OneOf("o", {"x", "y"}), Uint32("l")},
      {OneOf("o", {"x", "y"}), Label("l", 5), Float64("f")},
  };
  for (const auto& other : others) {
    CHECK(classes.Register({{"e", other}}).refusal == Refusal::kOtherFields);
  }
  CHECK(classes.Register({{"e", fields}}).refusal == Refusal::kNone);
  CHECK(Registered(classes, "next", {}).id() == 1);  // refusals took no number
}

TEST_CASE("event class registry: registers all of several classes or none") {
  EventClassRegistry classes;
  const EventClass& known = Registered(classes, "known", {});
  const auto refused =
      classes.Register({{"new", {}}, {"known", Float64s(1)}, {"newer", Float64s(1)}});
  CHECK(refused.refusal == Refusal::kOtherFields);
  CHECK(refused.refused == 1);
  CHECK(classes.Find(1) == nullptr);
  const auto made = classes.Register({{"new", {}}, {"known", {}}, {"new", {}}});
  REQUIRE(made.event_classes.size() == 3);
  CHECK(made.event_classes[1] == &known);
  CHECK(made.event_classes[0] == made.event_classes[2]);
  CHECK(made.event_classes[0] == classes.Find(1));
  CHECK(classes.Register({{"twice", {}}, {"twice", Float64s(1)}}).refusal == Refusal::kOtherFields);
  CHECK(classes.Find(2) == nullptr);
}

TEST_CASE("event class registry: finds nothing for a number that no class has") {
  EventClassRegistry classes;
  (void)Registered(classes, "e", {});
  for (const uint32_t id : {1u, 4095u, 4096u, 4097u, 0x8000'0000u, 0xffff'ffffu}) {
    CHECK(classes.Find(id) == nullptr);
  }
}

TEST_CASE("event class registry: refuses one class too many and keeps the others") {
  EventClassRegistry classes;
  for (uint32_t i = 0; i < EventClassRegistry::kMaxClasses; ++i) {
    REQUIRE(Registered(classes, "e" + std::to_string(i), {}).id() == i);
  }
  const auto refused = classes.Register({{"e0", {}}, {"one more", {}}});
  CHECK(refused.refusal == Refusal::kTooMany);
  CHECK(refused.refused == 1);
  CHECK(refused.event_classes.empty());
  CHECK(Registered(classes, "e7", {}).id() == 7);
  CHECK(classes.Find(EventClassRegistry::kMaxClasses - 1)->event_type() == "e4095");
}

TEST_CASE("event class registry: threads that register at once agree and none sees half a class") {
  constexpr uint32_t kTypes = 500;
  constexpr size_t kWriters = 3;
  EventClassRegistry classes;
  std::atomic<bool> registering{true};
  uint64_t torn = 0;
  std::thread reader([&] {
    while (registering.load()) {
      for (uint32_t id = 0; id < kTypes; ++id) {
        const EventClass* found = classes.Find(id);
        if (found != nullptr) torn += found->id() != id || found->words() != 2;
      }
      std::this_thread::yield();
    }
  });
  std::vector<std::vector<const EventClass*>> seen(kWriters);
  std::vector<std::thread> writers;
  for (auto& mine : seen) {
    writers.emplace_back([&classes, &mine] {
      for (uint32_t i = 0; i < kTypes; ++i) {
        mine.push_back(&Registered(classes, "e" + std::to_string(i), Float64s(1)));
      }
    });
  }
  for (auto& writer : writers) writer.join();
  registering.store(false);
  reader.join();
  CHECK(torn == 0);
  for (size_t i = 1; i < kWriters; ++i) CHECK(seen[i] == seen[0]);
  CHECK(classes.Find(kTypes - 1) != nullptr);
  CHECK(classes.Find(kTypes) == nullptr);
}

}  // namespace metrics_runtime::test
