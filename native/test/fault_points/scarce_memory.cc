// The addon's own operator new, which can be told to refuse. What the standard library allocates
// inside itself (a long std::string) does not come here.
#include <atomic>
#include <cstdlib>
#include <new>

#include "fault_points/fault_points.h"

namespace metrics_runtime::test {

namespace {

constexpr int64_t kUnlimited = INT64_MAX;
std::atomic<int64_t> left{kUnlimited};
std::atomic<uint32_t> refusals{0};

void* Allocated(size_t size) noexcept {
  if (left.load() != kUnlimited && left.fetch_sub(1) <= 0) {
    ++refusals;
    return nullptr;
  }
  return std::malloc(size == 0 ? 1 : size);
}

void* AllocatedOrThrow(size_t size) {
  void* memory = Allocated(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void RefuseMemoryAfter(uint32_t granted) noexcept {
  refusals = 0;
  left = granted;
}

uint32_t GrantMemory() noexcept {
  left = kUnlimited;
  return refusals.exchange(0);
}

}  // namespace metrics_runtime::test

void* operator new(size_t size) { return metrics_runtime::test::AllocatedOrThrow(size); }
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return metrics_runtime::test::Allocated(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
