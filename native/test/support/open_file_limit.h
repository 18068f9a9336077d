// No further descriptor can be opened while this lives: what the operating system refuses first
// when a process has too many.
#pragma once

#include <sys/resource.h>

namespace metrics_runtime::test {

class OpenFileLimit {
 public:
  OpenFileLimit() {
    (void)getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    (void)setrlimit(RLIMIT_NOFILE, &none);
  }
  ~OpenFileLimit() { (void)setrlimit(RLIMIT_NOFILE, &before_); }
  OpenFileLimit(const OpenFileLimit&) = delete;
  OpenFileLimit& operator=(const OpenFileLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace metrics_runtime::test
