#include "support/process.h"

#include <filesystem>
#include <iterator>

namespace metrics_runtime::test {

namespace {

size_t Entries(const char* directory) {
  std::error_code error;
  const std::filesystem::directory_iterator entries(directory, error);
  if (error) return 0;
  return static_cast<size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace

size_t ThreadCount() { return Entries("/proc/self/task"); }

// With the descriptor that lists them, in every reading.
size_t OpenFileCount() { return Entries("/proc/self/fd"); }

}  // namespace metrics_runtime::test
