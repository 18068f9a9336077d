#include "runtime/shared_runtimes.h"

#include <cstdint>
#include <random>
#include <utility>

namespace metrics_runtime {

namespace {

std::string NewToken() {
  constexpr char kDigits[] = "0123456789abcdef";
  std::random_device random;
  std::string token;
  for (int i = 0; i < 4; ++i) {
    uint32_t word = random();
    for (int digit = 0; digit < 8; ++digit, word >>= 4) token.push_back(kDigits[word & 15]);
  }
  return token;
}

}  // namespace

SharedRuntimes& SharedRuntimes::OfProcess() {
  static auto* const shared = new SharedRuntimes();
  return *shared;
}

std::string SharedRuntimes::Share(const std::shared_ptr<Runtime>& runtime, std::string attributes) {
  const std::lock_guard lock(mutex_);
  std::erase_if(shared_, [](const auto& entry) { return entry.second.runtime.expired(); });
  for (const auto& [token, shared] : shared_) {
    // Not by a reference of our own: its end, under the lock, might be the runtime's.
    const bool other = shared.runtime.owner_before(runtime) || runtime.owner_before(shared.runtime);
    if (!other) return token;
  }
  std::string token = NewToken();
  shared_.emplace(token, Shared{runtime, std::move(attributes)});
  return token;
}

SharedRuntimes::Entry SharedRuntimes::Find(const std::string& token) const {
  const std::lock_guard lock(mutex_);
  const auto found = shared_.find(token);
  if (found == shared_.end()) return {};
  return {found->second.runtime.lock(), found->second.attributes};
}

}  // namespace metrics_runtime
