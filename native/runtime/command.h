// One piece of work for the runtime thread, asked for by another thread that may wait for it.
//
// A command is claimed exactly once, by compare-and-swap: by the runtime thread, which then runs
// it, or by its caller, whose patience ended and for whom it then never runs. A caller that finds
// it claimed waits for it, so work may refer to the caller's stack. Shared by the queue and the
// caller.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "runtime/uv_sync.h"

namespace metrics_runtime {

class Command {
 public:
  enum class Outcome {
    kRan,      // the work ran to its end
    kThrew,    // the work ran and threw (no memory); it has changed nothing
    kGivenUp,  // not claimed within the limit; it never runs
    kRefused,  // the loop ended first; it never runs
  };

  // `refused` runs, on whichever thread refuses, when the loop ends before the work began.
  explicit Command(std::function<void()> work, std::function<void()> refused = nullptr);
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  // The caller. UvCondition::kForever only where the loop is known to come to it.
  [[nodiscard]] Outcome Wait(uint64_t limit_ns) noexcept;

  // The runtime thread.
  void Run() noexcept;
  // Whoever finds that there is no loop to run it.
  void Refuse() noexcept;

 private:
  friend class CommandQueue;
  enum class Phase { kWaiting, kClaimed, kRan, kThrew, kGivenUp, kRefused };

  // acq_rel: the winner of the claim sees what the other side wrote before it.
  [[nodiscard]] bool Claim(Phase as) noexcept;
  void Settle(Phase phase) noexcept;

  const std::function<void()> work_;
  const std::function<void()> refused_;
  std::atomic<Phase> phase_{Phase::kWaiting};
  std::shared_ptr<Command> next_;  // the queue's, under its owner's lock
  UvMutex mutex_;
  UvCondition settled_;
};

}  // namespace metrics_runtime
