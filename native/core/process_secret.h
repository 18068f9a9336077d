// A random odd number, one for the process: the hash tables over what the data bring multiply by
// it, so that whoever chooses the data cannot choose them to collide. Nothing that leaves the
// process depends on it. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace metrics_runtime {

[[nodiscard]] uint64_t ProcessSecret() noexcept;

// For a std::unordered_map of strings, which can then be searched for a view. The hash of the
// standard library has a known seed.
struct SecretTextHash {
  using is_transparent = void;
  [[nodiscard]] size_t operator()(std::string_view text) const noexcept;
};

}  // namespace metrics_runtime
