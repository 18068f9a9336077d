// While this lives, its thread gets no memory from `new` after the first `granted` times: then
// std::bad_alloc. Other threads do not notice; types with an alignment of their own (alignas beyond
// 16) neither.
//
// The executable's operator new and delete are replaced by malloc and free. Sanitizers see those,
// so they still find what is leaked, freed twice or used after; not that `new` is paired with
// `free`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

namespace metrics_runtime::test {

class RefusedMemory {
 public:
  explicit RefusedMemory(size_t granted = 0) noexcept;
  ~RefusedMemory();
  RefusedMemory(const RefusedMemory&) = delete;
  RefusedMemory& operator=(const RefusedMemory&) = delete;
};

// How many bytes `new` has given this thread since it began, freed since or not.
[[nodiscard]] uint64_t BytesGiven() noexcept;

// Whether `act` needed more than the `granted` allocations and so ended with std::bad_alloc.
template <typename Act>
[[nodiscard]] bool IsRefused(size_t granted, Act&& act) {
  const RefusedMemory refused(granted);
  try {
    act();
    return false;
  } catch (const std::bad_alloc&) {
    return true;
  }
}

}  // namespace metrics_runtime::test
