#include "core/event_class.h"

#include <doctest/doctest.h>

#include "core/ring_layout.h"
#include "support/fields.h"

namespace metrics_runtime::test {

TEST_CASE("event class: puts 4-byte fields behind the header and 8-byte fields behind those") {
  StringTable strings;
  const EventClass mixed(
      7, "mixed", {Float64("a"), Uint32("b"), Boolean("c"), Key("d"), Label("e", 3)}, strings);
  CHECK(mixed.offset(1) == 4);
  CHECK(mixed.offset(2) == 8);
  CHECK(mixed.offset(4) == 12);
  CHECK(mixed.offset(0) == 16);
  CHECK(mixed.offset(3) == 24);
  CHECK(mixed.words() == 4);
  CHECK(mixed.id() == 7);
  CHECK(mixed.event_type() == "mixed");
}

TEST_CASE("event class: aligns 8-byte fields to 8 bytes whatever stands before them") {
  StringTable strings;
  for (size_t narrow = 0; narrow < 8; ++narrow) {
    CAPTURE(narrow);
    std::vector<FieldSpec> fields(narrow, Boolean("b"));
    fields.push_back(Float64("f"));
    const EventClass event_class(0, "e", fields, strings);
    CHECK(event_class.offset(narrow) % 8 == 0);
    CHECK(event_class.offset(narrow) >= 4 + 4 * narrow);
    CHECK(event_class.words() * 8 == event_class.offset(narrow) + 8);
  }
}

TEST_CASE("event class: no record is longer than the ring allows") {
  StringTable strings;
  constexpr size_t kMost = RingLayout::kMaxFields;
  CHECK(EventClass(0, "e", Float64s(kMost), strings).words() == RingLayout::kMaxRecordWords);
  CHECK(EventClass(0, "e", std::vector<FieldSpec>(kMost, Uint32("u")), strings).words() == 8);
  CHECK(EventClass(0, "e", {}, strings).words() == 1);
}

TEST_CASE("event class: has a label table for each label field and for no other") {
  StringTable strings;
  const EventClass event_class(0, "e", {Label("a", 1), Uint32("b"), Label("c", 1)}, strings);
  CHECK(event_class.labels(1) == nullptr);
  REQUIRE(event_class.labels(0) != nullptr);
  REQUIRE(event_class.labels(2) != nullptr);
  CHECK(event_class.labels(0) != event_class.labels(2));
  CHECK(event_class.label_offsets() ==
        std::vector<uint32_t>{event_class.offset(0), event_class.offset(2)});
}

TEST_CASE("event class: finds a field by its name") {
  StringTable strings;
  const EventClass event_class(0, "e", {Uint32("a"), Uint32("ab")}, strings);
  CHECK(event_class.FieldIndex("ab") == 1);
  CHECK(event_class.FieldIndex("a") == 0);
  CHECK(event_class.FieldIndex("b") == -1);
  CHECK(event_class.FieldIndex("") == -1);
}

}  // namespace metrics_runtime::test
