#include "core/string_table.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

namespace metrics_runtime::test {

TEST_CASE("string table: gives a string one number and different strings different ones") {
  StringTable strings;
  CHECK(strings.Intern("a") == 1);
  CHECK(strings.Intern("b") == 2);
  CHECK(strings.Intern("a") == 1);
  CHECK(strings.Intern("") == 3);
  CHECK(strings.Intern(std::string("a\0b", 3)) == 4);
  CHECK(strings.Text(4) == std::string_view("a\0b", 3));
  CHECK(strings.Text(3).empty());
}

TEST_CASE("string table: has the overflow from the start") {
  StringTable strings;
  CHECK(strings.Find("<overflow>") == StringTable::kOverflowId);
  CHECK(strings.Intern("<overflow>") == StringTable::kOverflowId);
  CHECK(strings.Text(StringTable::kOverflowId) == "<overflow>");
}

TEST_CASE("string table: finds without remembering") {
  StringTable strings;
  CHECK(strings.Find("a") == StringTable::kUnknown);
  CHECK(strings.Intern("b") == 1);
  CHECK(strings.Find("b") == 1);
}

TEST_CASE("string table: a number that was never given is the overflow") {
  StringTable strings;
  (void)strings.Intern("a");
  for (const uint32_t id : {2u, 63u, 64u, 1'000'000u, 0x7fff'ffffu, 0xffff'ffffu}) {
    CAPTURE(id);
    CHECK(strings.Text(id) == "<overflow>");
  }
}

TEST_CASE("string table: keeps its own copy and never moves it") {
  StringTable strings;
  std::string value = "a rather long value, so that it does not fit into the string itself";
  const uint32_t id = strings.Intern(value);
  const std::string_view text = strings.Text(id);
  const std::string same = value;
  value.assign(value.size(), 'x');
  for (int i = 0; i < 10'000; ++i) (void)strings.Intern(std::to_string(i));
  CHECK(strings.Text(id).data() == text.data());
  CHECK(text == same);
  for (int i = 0; i < 10'000; ++i) {
    REQUIRE(strings.Text(strings.Find(std::to_string(i))) == std::to_string(i));
  }
}

TEST_CASE("string table: a thread reads without a lock what another one brings") {
  constexpr uint32_t kStrings = 20'000;
  StringTable strings;
  std::thread reader([&] {
    for (uint32_t read = 0; read < kStrings; ++read) {
      // Nothing but the table itself makes the one thread wait for the other.
      std::string_view text = StringTable::kOverflowValue;
      while (text == StringTable::kOverflowValue) text = strings.Text(read + 1);
      REQUIRE(text == std::to_string(read));
    }
  });
  for (uint32_t i = 0; i < kStrings; ++i) REQUIRE(strings.Intern(std::to_string(i)) == i + 1);
  reader.join();
}

}  // namespace metrics_runtime::test
