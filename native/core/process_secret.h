// What hash tables over the data know and whoever chooses the data does not, so that nobody can
// choose data that collide. Nothing that leaves the process depends on it. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace metrics_runtime {

// A random odd number, one for the process: tables over numbers multiply by it.
[[nodiscard]] uint64_t ProcessSecret() noexcept;

// For a std::unordered_map of strings, which can then be searched for a view: SipHash-1-3 with a
// random key of the process. The hash of the standard library has a known seed, and products of
// chosen words collide whatever the factor.
struct SecretTextHash {
  using is_transparent = void;
  [[nodiscard]] size_t operator()(std::string_view text) const noexcept;
};

}  // namespace metrics_runtime
