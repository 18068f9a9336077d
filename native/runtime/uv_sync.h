// libuv's mutex and condition variable with the lifetime of a C++ object. libuv's, because its
// timed wait runs on the monotonic clock everywhere and needs no recent libstdc++.
//
// Thread-safe. A failure to initialise (no memory) throws std::bad_alloc from the constructor.
#pragma once

#include <uv.h>

#include <cstdint>
#include <new>

namespace metrics_runtime {

class UvMutex {
 public:
  UvMutex() {
    if (uv_mutex_init(&mutex_) != 0) throw std::bad_alloc();
  }
  ~UvMutex() { uv_mutex_destroy(&mutex_); }
  UvMutex(const UvMutex&) = delete;
  UvMutex& operator=(const UvMutex&) = delete;

 private:
  friend class UvLock;
  friend class UvCondition;
  uv_mutex_t mutex_;
};

class UvLock {
 public:
  explicit UvLock(UvMutex& mutex) noexcept : mutex_(mutex) { uv_mutex_lock(&mutex_.mutex_); }
  ~UvLock() { uv_mutex_unlock(&mutex_.mutex_); }
  UvLock(const UvLock&) = delete;
  UvLock& operator=(const UvLock&) = delete;

 private:
  friend class UvCondition;
  UvMutex& mutex_;
};

class UvCondition {
 public:
  // A limit that is no limit; only where the wake-up is guaranteed.
  static constexpr uint64_t kForever = UINT64_MAX;

  UvCondition() {
    if (uv_cond_init(&condition_) != 0) throw std::bad_alloc();
  }
  ~UvCondition() { uv_cond_destroy(&condition_); }
  UvCondition(const UvCondition&) = delete;
  UvCondition& operator=(const UvCondition&) = delete;

  void NotifyAll() noexcept { uv_cond_broadcast(&condition_); }

  // Until `holds()`, for at most `limit_ns`; returns what it says then.
  template <typename Predicate>
  [[nodiscard]] bool WaitFor(UvLock& lock, uint64_t limit_ns, Predicate&& holds) noexcept {
    const uint64_t begin = uv_hrtime();
    while (!holds()) {
      if (limit_ns == kForever) {
        uv_cond_wait(&condition_, &lock.mutex_.mutex_);
        continue;
      }
      const uint64_t waited = uv_hrtime() - begin;
      if (waited >= limit_ns) return false;
      (void)uv_cond_timedwait(&condition_, &lock.mutex_.mutex_, limit_ns - waited);
    }
    return true;
  }

 private:
  uv_cond_t condition_;
};

}  // namespace metrics_runtime
