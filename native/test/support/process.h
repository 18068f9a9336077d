// What the operating system says about this process. 0 where it cannot be asked (not Linux).
#pragma once

#include <cstddef>

namespace metrics_runtime::test {

[[nodiscard]] size_t ThreadCount();
[[nodiscard]] size_t OpenFileCount();

}  // namespace metrics_runtime::test
