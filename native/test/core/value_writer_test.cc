#include "core/value_writer.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <limits>
#include <vector>

#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

template <typename Write>
std::vector<std::byte> Written(Write&& write) {
  ValueWriter writer;
  write(writer);
  return writer.Take();
}

std::vector<std::byte> Bytes(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

}  // namespace

// Byte by byte: JavaScript's decoder is written against these.
TEST_CASE("value writer: writes each kind of value as its header describes") {
  CHECK(Written([](ValueWriter& writer) { writer.Null(); }) == Bytes({0}));
  CHECK(Written([](ValueWriter& writer) { writer.Number(1.0); }) ==
        Bytes({1, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f}));
  CHECK(Written([](ValueWriter& writer) { writer.Number(std::optional<double>()); }) == Bytes({0}));
  CHECK(Written([](ValueWriter& writer) { writer.Number(std::optional(1.0)); }) ==
        Bytes({1, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f}));
  CHECK(Written([](ValueWriter& writer) { writer.String("hé"); }) ==
        Bytes({2, 0, 0, 0, 0, 3, 0, 0, 0, 'h', 0xc3, 0xa9}));
  CHECK(Written([](ValueWriter& writer) { writer.Array(258); }) == Bytes({3, 2, 1, 0, 0}));
  CHECK(Written([](ValueWriter& writer) {
          writer.Object(1);
          writer.Key("k");
          writer.Null();
        }) == Bytes({4, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 'k', 0}));
}

TEST_CASE("value writer: writes a text once and then its number") {
  CHECK(Written([](ValueWriter& writer) {
          writer.Object(2);
          writer.Key("a");
          writer.String("b");
          writer.Key("b");
          writer.String("a");
        }) == Bytes({4, 2, 0, 0, 0,                     //
                     0, 0, 0, 0, 1, 0, 0, 0, 'a',       //
                     2, 1, 0, 0, 0, 1, 0, 0, 0,   'b',  //
                     1, 0, 0, 0,                        //
                     2, 0, 0, 0, 0}));
}

TEST_CASE("value writer: nests values") {
  CHECK(WrittenText([](ValueWriter& writer) {
          writer.Object(2);
          writer.Key("list");
          writer.Array(3);
          writer.Number(0.1);
          writer.Object(0);
          writer.String("");
          writer.Key("");
          writer.Number(std::numeric_limits<double>::infinity());
        }) == "{\"list\": [0.1, {}, \"\"], \"\": inf}");
}

TEST_CASE("value writer: begins anew after its bytes were taken") {
  ValueWriter writer;
  writer.String("a");
  (void)writer.Take();
  writer.String("b");
  CHECK(writer.Take() == Bytes({2, 0, 0, 0, 0, 1, 0, 0, 0, 'b'}));
}

}  // namespace metrics_runtime::test
