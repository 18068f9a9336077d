// What a thread does with a recorder's Observers while it takes a snapshot: it is inside, asks the
// others, and waits for them.
//
// Threads: the one that takes the snapshot, which has run its own callbacks before. It blocks for
// at most kLimitNs, all observers together; the end of one wakes it.
//
// Lifetime: on the stack, around the call that reads. `Observers` calls back into it under its own
// lock until the round is left, which the constructor sees to in every case.
#pragma once

#include <cstdint>
#include <vector>

#include "core/observers.h"
#include "runtime/uv_sync.h"

namespace metrics_runtime {

class Observation {
 public:
  static constexpr uint64_t kLimitNs = 100'000'000;

  // Returns when every observer has answered, or the limit has passed. Throws std::bad_alloc.
  Observation(Observers& observers, const void* thread) : inside_(observers, thread) {
    UvMutex mutex;
    UvCondition condition;
    bool changed = false;
    const Observers::Round round = observers.Request([&] {
      const UvLock lock(mutex);
      changed = true;
      condition.NotifyAll();
    });
    if (observers.Pending(round)) {
      UvLock lock(mutex);
      (void)condition.WaitFor(lock, kLimitNs, [&] { return changed; });
    }
    left_out_ = observers.LeaveOut(round);
  }
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;

  // Who did not come: what they have observed before is not to be read.
  [[nodiscard]] const std::vector<const void*>& left_out() const noexcept { return left_out_; }

 private:
  struct Inside {
    Inside(Observers& of, const void* who) noexcept : observers(of), thread(who) {
      observers.Enter(thread);
    }
    ~Inside() { observers.Leave(thread); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    Observers& observers;
    const void* const thread;
  };

  const Inside inside_;  // until the end of this
  std::vector<const void*> left_out_;
};

}  // namespace metrics_runtime
