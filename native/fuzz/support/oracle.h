// What a target demands of the code beside the sanitizers: one line that names what broke, then the
// end of the process, which libFuzzer reports with the input. Any thread.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace metrics_runtime::fuzz {

inline void Require(bool holds, const char* what) noexcept {
  if (holds) [[likely]] {
    return;
  }
  std::fprintf(stderr, "oracle: %s\n", what);
  std::abort();
}

}  // namespace metrics_runtime::fuzz
