// A moment after which work is to be left, which may be brought forward while the work goes on.
//
// Thread-safe: any thread sets it, the worker asks. Sequentially consistent, so that who brings it
// forward after a word of his own, and the worker that puts it off before it looks at that word, do
// not miss each other.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>

namespace metrics_runtime {

class Deadline {
 public:
  Deadline() = default;  // never
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void ExpireIn(std::chrono::nanoseconds span) noexcept {
    at_ns_.store(NowNs() + span.count(), std::memory_order_seq_cst);
  }
  void Never() noexcept { at_ns_.store(kNever, std::memory_order_seq_cst); }
  // It was given a time, passed or not.
  [[nodiscard]] bool expires() const noexcept {
    return at_ns_.load(std::memory_order_seq_cst) != kNever;
  }
  [[nodiscard]] bool Passed() const noexcept {
    const int64_t at_ns = at_ns_.load(std::memory_order_seq_cst);
    return at_ns != kNever && NowNs() >= at_ns;
  }

 private:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  [[nodiscard]] static int64_t NowNs() noexcept {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
  }

  std::atomic<int64_t> at_ns_{kNever};
};

}  // namespace metrics_runtime
