// The runtimes of this process that were shared, by token: how one JavaScript thread hands another
// what no message can carry. Process-wide, because the threads have nothing else in common.
//
// Thread-safe. Entries do not keep a runtime alive.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "runtime/runtime.h"

namespace metrics_runtime {

class SharedRuntimes {
 public:
  struct Entry {
    std::shared_ptr<Runtime> runtime;  // nullptr: it is gone, or no token like that was given
    std::string attributes;            // what the sharer wants the others to know
  };

  // Never destroyed: environments of other threads may end after static destructors have run.
  [[nodiscard]] static SharedRuntimes& OfProcess();
  SharedRuntimes(const SharedRuntimes&) = delete;
  SharedRuntimes& operator=(const SharedRuntimes&) = delete;

  // The runtime's token: 32 hexadecimal digits that nobody can guess. Each has one, whoever shares
  // it and however often; the attributes are those of the first time. Throws std::bad_alloc, and
  // std::runtime_error where there is no randomness.
  [[nodiscard]] std::string Share(const std::shared_ptr<Runtime>& runtime, std::string attributes);
  [[nodiscard]] Entry Find(const std::string& token) const;

 private:
  SharedRuntimes() = default;

  struct Shared {
    std::weak_ptr<Runtime> runtime;
    std::string attributes;
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Shared> shared_;
};

}  // namespace metrics_runtime
