#include "core/sip_hash.h"

#include <doctest/doctest.h>

#include <string>

namespace metrics_runtime::test {

namespace {

// Of the paper and its reference implementation: the key is 00 01 … 0f, the text 00 01 … .
constexpr SipKey kKey = {0x0706'0504'0302'0100, 0x0f0e'0d0c'0b0a'0908};

std::string Counting(size_t length) {
  std::string text;
  for (size_t i = 0; i < length; ++i) text.push_back(static_cast<char>(i));
  return text;
}

}  // namespace

TEST_CASE("sip hash: is what the paper has of 15 bytes") {
  CHECK(SipHash<2, 4>::Of(kKey, Counting(15)) == 0xa129'ca61'49be'45e5);
}

TEST_CASE("sip hash: is what the reference implementation has of whole words and of nothing") {
  CHECK(SipHash<2, 4>::Of(kKey, Counting(0)) == 0x726f'db47'dd0e'0e31);
  CHECK(SipHash<2, 4>::Of(kKey, Counting(8)) == 0x93f5'f579'9a93'2462);
}

TEST_CASE("sip hash: depends on both halves of the key") {
  const std::string text = Counting(20);
  const uint64_t hash = SipHash<1, 3>::Of(kKey, text);
  CHECK(SipHash<1, 3>::Of({kKey[0] ^ 1, kKey[1]}, text) != hash);
  CHECK(SipHash<1, 3>::Of({kKey[0], kKey[1] ^ 1}, text) != hash);
}

}  // namespace metrics_runtime::test
