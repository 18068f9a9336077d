#include "core/process_secret.h"

#include <doctest/doctest.h>

#include <string>
#include <unordered_set>

namespace metrics_runtime::test {

TEST_CASE("process secret: is one odd number for the process") {
  CHECK(ProcessSecret() % 2 == 1);
  CHECK(ProcessSecret() == ProcessSecret());
}

TEST_CASE("secret text hash: spreads texts that are nearly alike") {
  std::unordered_set<size_t> hashes;
  std::unordered_set<size_t> low_bits;
  constexpr int kTexts = 100'000;
  for (int i = 0; i < kTexts; ++i) {
    const size_t hash = SecretTextHash()("/documents/" + std::to_string(i));
    hashes.insert(hash);
    low_bits.insert(hash % (1u << 17));
  }
  CHECK(hashes.size() == kTexts);
  // Of 2^17 places 70 000 are hit when the hash is as good as random: 2^17 (1 - e^(-0.763)).
  CHECK(low_bits.size() > 60'000);
}

// Of a product of words with a factor that nobody knows these collide all the same: they differ in
// bits that stay where they are, and the second block takes back what the first one did.
TEST_CASE("secret text hash: spreads texts that were chosen to collide") {
  const std::string plain = "0000000100010001";
  const std::string turned = "0000000q000q000q";
  std::unordered_set<size_t> hashes;
  constexpr uint32_t kBlocks = 12;
  for (uint32_t choice = 0; choice < 1u << kBlocks; ++choice) {
    std::string text;
    for (uint32_t block = 0; block < kBlocks; ++block) {
      text += (choice >> block & 1) == 0 ? plain : turned;
    }
    hashes.insert(SecretTextHash()(text));
  }
  CHECK(hashes.size() == 1u << kBlocks);
}

TEST_CASE("secret text hash: tells lengths and zero bytes apart") {
  std::unordered_set<size_t> hashes;
  for (size_t length = 0; length < 40; ++length)
    hashes.insert(SecretTextHash()(std::string(length, '\0')));
  CHECK(hashes.size() == 40);
}

}  // namespace metrics_runtime::test
