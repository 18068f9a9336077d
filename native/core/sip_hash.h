// SipHash (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): without the key nobody
// can choose texts that collide. SipHash<1, 3> is enough for tables and what other languages take;
// SipHash<2, 4> is the one that the paper has figures of. Pure functions; any thread.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace metrics_runtime {

using SipKey = std::array<uint64_t, 2>;

// `CRounds` for each 8 bytes and `DRounds` at the end. Numbers are read as this machine stores
// them.
template <int CRounds, int DRounds>
class SipHash {
 public:
  [[nodiscard]] static uint64_t Of(const SipKey& key, std::string_view text) noexcept {
    SipHash hash(key);
    constexpr size_t kWord = sizeof(uint64_t);
    size_t at = 0;
    for (; at + kWord <= text.size(); at += kWord) hash.Take(WordAt(text, at, kWord));
    // The last word: what is left of the text, and its length in the highest byte.
    hash.Take(WordAt(text, at, text.size() - at) | uint64_t{text.size()} << 56);
    return hash.End();
  }

 private:
  explicit SipHash(const SipKey& key) noexcept
      : v0_(key[0] ^ 0x736f'6d65'7073'6575),
        v1_(key[1] ^ 0x646f'7261'6e64'6f6d),
        v2_(key[0] ^ 0x6c79'6765'6e65'7261),
        v3_(key[1] ^ 0x7465'6462'7974'6573) {}

  [[nodiscard]] static uint64_t WordAt(std::string_view text, size_t at, size_t size) noexcept {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + at, size);
    return word;
  }

  void Take(uint64_t word) noexcept {
    v3_ ^= word;
    for (int i = 0; i < CRounds; ++i) Round();
    v0_ ^= word;
  }

  [[nodiscard]] uint64_t End() noexcept {
    v2_ ^= 0xff;
    for (int i = 0; i < DRounds; ++i) Round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

  void Round() noexcept {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }

  uint64_t v0_;
  uint64_t v1_;
  uint64_t v2_;
  uint64_t v3_;
};

}  // namespace metrics_runtime
