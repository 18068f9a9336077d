#include "core/event_source.h"

#include <doctest/doctest.h>

#include <array>

#include "support/fields.h"

namespace metrics_runtime::test {

TEST_CASE("event value: a constant stays what it is whatever the record says") {
  alignas(8) const std::array<std::byte, 8> bytes{};
  CHECK(EventValue::Constant(-2.5).Of<double>(EventRecord(bytes.data())) == -2.5);
}

TEST_CASE("event value: reads a float64 field and a uint32 field as numbers") {
  StringTable strings;
  const EventClass event_class(0, "e", {Uint32("u"), Float64("f")}, strings);
  alignas(8) std::array<std::byte, 16> bytes{};
  *reinterpret_cast<uint32_t*>(&bytes[event_class.offset(0)]) = 0xffff'ffff;
  *reinterpret_cast<double*>(&bytes[event_class.offset(1)]) = 0.125;
  const EventRecord record(bytes.data());
  CHECK(EventValue::Field(event_class, 0).Of<double>(record) == 4294967295.0);
  CHECK(EventValue::Field(event_class, 1).Of<double>(record) == 0.125);
}

TEST_CASE("event value: takes the hash of a key as it is") {
  StringTable strings;
  const EventClass event_class(0, "e", {Key("k")}, strings);
  alignas(8) std::array<std::byte, 16> bytes{};
  *reinterpret_cast<uint64_t*>(&bytes[event_class.offset(0)]) = 0x0123'4567'89ab'cdef;
  CHECK(EventValue::Field(event_class, 0).Of<uint64_t>(EventRecord(bytes.data())) ==
        0x0123'4567'89ab'cdef);
}

TEST_CASE("event value: equal numbers have equal hashes whatever field they come from") {
  StringTable strings;
  const EventClass event_class(0, "e", {Uint32("u"), Float64("f")}, strings);
  alignas(8) std::array<std::byte, 16> bytes{};
  const EventRecord record(bytes.data());
  const auto hashes = [&](uint32_t u, double f) {
    *reinterpret_cast<uint32_t*>(&bytes[event_class.offset(0)]) = u;
    *reinterpret_cast<double*>(&bytes[event_class.offset(1)]) = f;
    return std::pair(EventValue::Field(event_class, 0).Of<uint64_t>(record),
                     EventValue::Field(event_class, 1).Of<uint64_t>(record));
  };
  const auto [seven, seven_as_double] = hashes(7, 7.0);
  const auto [eight, minus_zero] = hashes(8, -0.0);
  const auto [zero, zero_as_double] = hashes(0, 0.0);
  CHECK(seven == seven_as_double);
  CHECK(seven != eight);
  CHECK(zero == zero_as_double);
  CHECK(zero == minus_zero);
}

}  // namespace metrics_runtime::test
