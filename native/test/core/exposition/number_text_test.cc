#include "core/exposition/number_text.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

namespace metrics_runtime::test {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string Number(double value) {
  char text[kMostNumberText];
  return {text, WriteNumber(text, value)};
}

std::string Bound(double value, BoundText kind = BoundText::kShort) {
  char text[kMostNumberText];
  return {text, WriteBound(text, value, kind)};
}

std::string Canonical(double value) { return Bound(value, BoundText::kCanonical); }

}  // namespace

TEST_CASE("number text: whole numbers below 2^53 are plain integers") {
  CHECK(Number(0) == "0");
  CHECK(Number(-0.0) == "0");
  CHECK(Number(-17) == "-17");
  CHECK(Number(1'000'000'000'000) == "1000000000000");
  CHECK(Number(0x1p53 - 1) == "9007199254740991");
  CHECK(Number(-0x1p53 + 1) == "-9007199254740991");
}

TEST_CASE("number text: other numbers are the shortest that read back the same") {
  CHECK(Number(0.1) == "0.1");
  CHECK(Number(1e300) == "1e+300");
  CHECK(Number(2.5e-7) == "2.5e-07");
  CHECK(Number(5e-324) == "5e-324");
  CHECK(Number(kNaN) == "NaN");
  CHECK(Number(-kNaN) == "NaN");
  CHECK(Number(kInfinity) == "+Inf");
  CHECK(Number(-kInfinity) == "-Inf");
}

TEST_CASE("number text: bounds are what client_golang writes") {
  CHECK(Bound(1) == "1");
  CHECK(Bound(0.5) == "0.5");
  CHECK(Bound(-0.0) == "0");
  CHECK(Bound(0.0001) == "0.0001");
  CHECK(Bound(0.00001) == "1e-05");
  CHECK(Bound(0.00015) == "0.00015");
  CHECK(Bound(100'000) == "100000");
  CHECK(Bound(123'456) == "123456");
  CHECK(Bound(1'000'000) == "1e+06");
  CHECK(Bound(1'234'567.5) == "1.2345675e+06");
  CHECK(Bound(-2.5) == "-2.5");
  CHECK(Bound(-1e9) == "-1e+09");
  CHECK(Bound(1e-100) == "1e-100");
  CHECK(Bound(kInfinity) == "+Inf");
  CHECK(Bound(-kInfinity) == "-Inf");
}

TEST_CASE("number text: canonical bounds have a point or an exponent") {
  CHECK(Canonical(0) == "0.0");
  CHECK(Canonical(1) == "1.0");
  CHECK(Canonical(-10) == "-10.0");
  CHECK(Canonical(0.99) == "0.99");
  CHECK(Canonical(100'000) == "100000.0");
  CHECK(Canonical(1'000'000) == "1e+06");
  CHECK(Canonical(1e-10) == "1e-10");
  CHECK(Canonical(kInfinity) == "+Inf");
}

TEST_CASE("number text: any number reads back as itself and fits") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (!std::isfinite(value) || value == 0) continue;
    for (const std::string& text : {Number(value), Bound(value), Canonical(value)}) {
      CHECK(text.size() <= kMostNumberText);
      CHECK(std::strtod(text.c_str(), nullptr) == value);
    }
  }
}

}  // namespace metrics_runtime::test
