#include "core/process_secret.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <random>

namespace metrics_runtime {

namespace {

uint64_t Draw() noexcept {
  try {
    std::random_device device;
    return uint64_t{device()} << 32 | device();
  } catch (...) {  // the system has no randomness to give: better the time than an error
    const auto now = std::chrono::high_resolution_clock::now().time_since_epoch().count();
    return static_cast<uint64_t>(now) * 0x9e37'79b9'7f4a'7c15;
  }
}

}  // namespace

uint64_t ProcessSecret() noexcept {
  static const uint64_t secret = Draw() | 1;
  return secret;
}

size_t SecretTextHash::operator()(std::string_view text) const noexcept {
  const uint64_t secret = ProcessSecret();
  uint64_t hash = text.size();
  for (size_t at = 0; at < text.size(); at += sizeof hash) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + at, std::min(sizeof word, text.size() - at));
    hash = (hash ^ (hash >> 32) ^ word) * secret;
  }
  // A product's high bits depend on all bits of its factor, its low bits on the low ones alone.
  hash = (hash ^ (hash >> 32)) * secret;
  return static_cast<size_t>(hash ^ (hash >> 32));
}

}  // namespace metrics_runtime
