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
  std::string token = NewToken();
  const std::lock_guard lock(mutex_);
  std::erase_if(shared_, [](const auto& entry) { return entry.second.runtime.expired(); });
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
