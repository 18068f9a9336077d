#include "core/event_predicate.h"

#include <doctest/doctest.h>

#include <array>

namespace metrics_runtime::test {

namespace {

// Two uint32 fields behind a header, at the offsets 4 and 8.
bool Matches(const std::vector<FieldCondition>& conditions, uint32_t first, uint32_t second) {
  alignas(8) const std::array<uint32_t, 4> words = {0, first, second, 0};
  const EventRecord record(reinterpret_cast<const std::byte*>(words.data()));
  return EventPredicate(conditions).Matches(record);
}

}  // namespace

TEST_CASE("event predicate: without conditions every event matches") {
  CHECK(Matches({}, 1, 2));
  alignas(8) const std::array<std::byte, 8> record{};
  CHECK(EventPredicate().Matches(EventRecord(record.data())));
}

TEST_CASE("event predicate: all conditions must hold") {
  const std::vector<FieldCondition> both = {{4, {1}}, {8, {2}}};
  CHECK(Matches(both, 1, 2));
  CHECK_FALSE(Matches(both, 1, 3));
  CHECK_FALSE(Matches(both, 3, 2));
  CHECK_FALSE(Matches(both, 2, 1));
}

TEST_CASE("event predicate: any of several values will do in whatever order they are given") {
  const std::vector<FieldCondition> any = {{4, {9, 3, 0xffff'ffff, 0, 7}}};
  for (const uint32_t value : {0u, 3u, 7u, 9u, 0xffff'ffffu}) CHECK(Matches(any, value, 5));
  for (const uint32_t value : {1u, 5u, 8u, 10u, 0xffff'fffeu}) CHECK_FALSE(Matches(any, value, 5));
}

TEST_CASE("event predicate: no value accepted means no event matches") {
  CHECK_FALSE(Matches({{4, {}}}, 0, 0));
}

TEST_CASE("event predicate: the same value may be named twice") {
  CHECK(Matches({{4, {2, 2}}}, 2, 0));
  CHECK_FALSE(Matches({{4, {2, 2}}}, 1, 0));
}

}  // namespace metrics_runtime::test
