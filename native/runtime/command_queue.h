// The commands that wait for the runtime thread, first in, first out. Linked through the commands
// themselves, so that queueing one needs no memory: ending a runtime must not fail for want of it.
//
// Not thread-safe: guarded by its owner.
#pragma once

#include <memory>
#include <utility>

#include "runtime/command.h"

namespace metrics_runtime {

class CommandQueue {
 public:
  CommandQueue() = default;
  CommandQueue(CommandQueue&& other) noexcept { Swap(other); }
  CommandQueue(const CommandQueue&) = delete;
  CommandQueue& operator=(const CommandQueue&) = delete;
  // One by one: the chain as a whole would be destroyed by recursion.
  ~CommandQueue() {
    while (Pop() != nullptr) {
    }
  }

  // A command that is in no queue and never was: it is queued once in its life.
  void Push(std::shared_ptr<Command> command) noexcept {
    Command* const added = command.get();
    (last_ == nullptr ? first_ : last_->next_) = std::move(command);
    last_ = added;
  }

  // nullptr: empty.
  [[nodiscard]] std::shared_ptr<Command> Pop() noexcept {
    std::shared_ptr<Command> popped = std::move(first_);
    if (popped == nullptr) return nullptr;
    first_ = std::move(popped->next_);
    if (first_ == nullptr) last_ = nullptr;
    return popped;
  }

  void Swap(CommandQueue& other) noexcept {
    first_.swap(other.first_);
    std::swap(last_, other.last_);
  }

 private:
  std::shared_ptr<Command> first_;
  Command* last_ = nullptr;
};

}  // namespace metrics_runtime
