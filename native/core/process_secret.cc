#include "core/process_secret.h"

#include <chrono>
#include <random>

#include "core/sip_hash.h"

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
  static const SipKey key = {Draw(), Draw()};
  return static_cast<size_t>(SipHash<1, 3>::Of(key, text));
}

}  // namespace metrics_runtime
