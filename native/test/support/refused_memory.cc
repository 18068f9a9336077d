#include "support/refused_memory.h"

#include <cstdint>
#include <cstdlib>
#include <new>

namespace metrics_runtime::test {

namespace {

constexpr size_t kUnlimited = SIZE_MAX;
thread_local size_t left = kUnlimited;
thread_local uint64_t given = 0;  // bytes

void* Allocated(size_t size) noexcept {
  if (left == 0) return nullptr;
  if (left != kUnlimited) --left;
  given += size;
  return std::malloc(size == 0 ? 1 : size);
}

void* AllocatedOrThrow(size_t size) {
  void* memory = Allocated(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

RefusedMemory::RefusedMemory(size_t granted) noexcept { left = granted; }
RefusedMemory::~RefusedMemory() { left = kUnlimited; }

uint64_t BytesGiven() noexcept { return given; }

}  // namespace metrics_runtime::test

// Those which the standard library would forward to the first are here too: a sanitizer brings its
// own, whose memory the delete below must not get.
void* operator new(size_t size) { return metrics_runtime::test::AllocatedOrThrow(size); }
void* operator new[](size_t size) { return metrics_runtime::test::AllocatedOrThrow(size); }
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return metrics_runtime::test::Allocated(size);
}
void* operator new[](size_t size, const std::nothrow_t&) noexcept {
  return metrics_runtime::test::Allocated(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
