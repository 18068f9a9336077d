// The start or stop of a recorder, or an exposition, while it goes on, and its result afterwards.
// Many may wait.
//
// Thread-safe. Shared by the command that carries it out and by every handle on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "runtime/failure.h"
#include "runtime/loop_signal.h"
#include "runtime/uv_sync.h"

namespace metrics_runtime {

class Operation {
 public:
  enum class Name { kStart, kStop, kRender };

  explicit Operation(Name name) : name_(name) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  [[nodiscard]] Name name() const noexcept { return name_; }

  // The first call settles it; later ones change nothing.
  void Settle(std::optional<Failure> failure);
  // False: not settled within the limit. 0 polls.
  [[nodiscard]] bool Wait(uint64_t limit_ns) noexcept;
  // Sends `signal` when it is settled: at once, when it is already. Throws std::bad_alloc.
  void SendWhenSettled(std::shared_ptr<LoopSignal> signal);
  // After Wait has returned true: nothing when the operation succeeded.
  [[nodiscard]] std::optional<Failure> failure();

 private:
  const Name name_;
  UvMutex mutex_;
  UvCondition settled_changed_;
  bool settled_ = false;
  std::optional<Failure> failure_;
  std::vector<std::shared_ptr<LoopSignal>> signals_;
};

}  // namespace metrics_runtime
