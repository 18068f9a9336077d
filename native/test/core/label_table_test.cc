#include "core/label_table.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace metrics_runtime::test {

namespace {

constexpr uint32_t kOverflow = StringTable::kOverflowId;

struct Labels : LabelTable {
  explicit Labels(uint32_t max_values) : LabelTable(strings, max_values) {}

  // In the order of their numbers.
  [[nodiscard]] std::vector<std::string> values() const {
    std::vector<uint32_t> known = ids();
    std::ranges::sort(known);
    std::vector<std::string> texts;
    for (const uint32_t id : known) texts.emplace_back(strings.Text(id));
    return texts;
  }

  StringTable strings;
};

}  // namespace

TEST_CASE("label table: gives a value one number and different values different ones") {
  Labels labels(10);
  CHECK(labels.Intern("a") == 1);
  CHECK(labels.Intern("b") == 2);
  CHECK(labels.Intern("a") == 1);
  CHECK(labels.Intern("") == 3);
  CHECK(labels.Intern(std::string("a\0b", 3)) == 4);
  CHECK(labels.values() == std::vector<std::string>{"a", "b", "", std::string("a\0b", 3)});
}

TEST_CASE("label table: keeps its own copy of a value") {
  Labels labels(10);
  std::string value = "a rather long value, so that it does not fit into the string itself";
  const std::string same = value;
  REQUIRE(labels.Intern(value) == 1);
  value.assign(value.size(), 'x');
  CHECK(labels.Intern(same) == 1);
  CHECK(labels.Intern(value) == 2);
}

TEST_CASE("label table: sends what is new beyond the limit to the overflow and keeps the known") {
  Labels labels(2);
  CHECK_FALSE(labels.full());
  REQUIRE(labels.Intern("a") == 1);
  CHECK_FALSE(labels.full());
  REQUIRE(labels.Intern("b") == 2);
  CHECK(labels.full());
  CHECK(labels.Intern("c") == kOverflow);
  CHECK(labels.Intern("b") == 2);
  CHECK(labels.values().size() == 2);
}

TEST_CASE("label table: the overflow as real data joins the overflow and takes no place") {
  Labels labels(1);
  CHECK(labels.Intern("<overflow>") == kOverflow);
  CHECK(labels.InternNamed("<overflow>") == kOverflow);
  CHECK_FALSE(labels.full());
  CHECK(labels.Intern("a") == 1);
}

TEST_CASE("label table: a named value has its number before and beyond the limit") {
  Labels labels(1);
  CHECK(labels.InternNamed("early") == 1);
  CHECK_FALSE(labels.full());  // it takes no place
  CHECK(labels.Intern("a") == 2);
  CHECK(labels.full());
  CHECK(labels.InternNamed("late") == 3);
  CHECK(labels.Intern("late") == 3);
  CHECK(labels.Intern("early") == 1);
  CHECK(labels.InternNamed("a") == 2);
  CHECK(labels.values() == std::vector<std::string>{"early", "a", "late"});
}

TEST_CASE("label table: a value has one number in the tables of all fields") {
  StringTable strings;
  LabelTable first(strings, 2);
  LabelTable second(strings, 1);
  const uint32_t a = first.Intern("a");
  const uint32_t b = first.Intern("b");
  CHECK(second.Intern("b") == b);
  // Known to the other field and all the same beyond the limit of this one.
  CHECK(second.Intern("a") == kOverflow);
  CHECK(second.InternNamed("a") == a);
}

TEST_CASE("label table: a flood of values beyond the limit leaves nothing behind") {
  Labels labels(2);
  for (int i = 0; i < 1'000; ++i) (void)labels.Intern(std::to_string(i));
  CHECK(labels.values().size() == 2);
  CHECK(labels.strings.Find("999") == StringTable::kUnknown);
}

TEST_CASE("label table: threads that intern at once agree on every number") {
  constexpr size_t kThreads = 3;
  constexpr uint32_t kValues = 1'000;
  Labels labels(kValues / 2);
  std::vector<std::vector<uint32_t>> numbers(kThreads);
  std::vector<std::thread> threads;
  for (auto& mine : numbers) {
    threads.emplace_back([&labels, &mine] {
      for (uint32_t i = 0; i < kValues; ++i) {
        mine.push_back(labels.Intern("value " + std::to_string(i)));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(labels.full());
  const auto values = labels.values();
  CHECK(values.size() == kValues / 2);
  for (const auto& mine : numbers) {
    for (uint32_t i = 0; i < kValues; ++i) {
      if (mine[i] == kOverflow) continue;
      REQUIRE(labels.strings.Text(mine[i]) == "value " + std::to_string(i));
    }
  }
}

}  // namespace metrics_runtime::test
