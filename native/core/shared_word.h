// Words of memory that two threads share, one of which may be JavaScript.
//
// Ring words live in a SharedArrayBuffer, so they cannot be declared std::atomic, and
// std::atomic_ref is missing from older libc++. Every such access goes through this file.
//
// JavaScript's side of each ordering: `Atomics.load/store` are sequentially consistent; a plain
// typed-array store is an ordinary machine store, ordered only where the processor orders stores.
#pragma once

#include <atomic>
#include <cstdint>

namespace metrics_runtime {

#if defined(_MSC_VER) && !defined(__clang__)

template <typename T>
[[nodiscard]] inline T LoadRelaxed(const T* word) noexcept {
  return std::atomic_ref<T>(*const_cast<T*>(word)).load(std::memory_order_relaxed);
}
template <typename T>
[[nodiscard]] inline T LoadAcquire(const T* word) noexcept {
  return std::atomic_ref<T>(*const_cast<T*>(word)).load(std::memory_order_acquire);
}
template <typename T>
[[nodiscard]] inline T LoadSeqCst(const T* word) noexcept {
  return std::atomic_ref<T>(*const_cast<T*>(word)).load(std::memory_order_seq_cst);
}
template <typename T>
inline void StoreRelaxed(T* word, T value) noexcept {
  std::atomic_ref<T>(*word).store(value, std::memory_order_relaxed);
}
template <typename T>
inline void StoreRelease(T* word, T value) noexcept {
  std::atomic_ref<T>(*word).store(value, std::memory_order_release);
}
template <typename T>
inline void StoreSeqCst(T* word, T value) noexcept {
  std::atomic_ref<T>(*word).store(value, std::memory_order_seq_cst);
}
template <typename T>
inline T ExchangeSeqCst(T* word, T value) noexcept {
  return std::atomic_ref<T>(*word).exchange(value, std::memory_order_seq_cst);
}
template <typename T>
inline T FetchOrSeqCst(T* word, T bits) noexcept {
  return std::atomic_ref<T>(*word).fetch_or(bits, std::memory_order_seq_cst);
}

#else

template <typename T>
[[nodiscard]] inline T LoadRelaxed(const T* word) noexcept {
  T value;
  __atomic_load(word, &value, __ATOMIC_RELAXED);
  return value;
}
template <typename T>
[[nodiscard]] inline T LoadAcquire(const T* word) noexcept {
  T value;
  __atomic_load(word, &value, __ATOMIC_ACQUIRE);
  return value;
}
template <typename T>
[[nodiscard]] inline T LoadSeqCst(const T* word) noexcept {
  T value;
  __atomic_load(word, &value, __ATOMIC_SEQ_CST);
  return value;
}
template <typename T>
inline void StoreRelaxed(T* word, T value) noexcept {
  __atomic_store(word, &value, __ATOMIC_RELAXED);
}
template <typename T>
inline void StoreRelease(T* word, T value) noexcept {
  __atomic_store(word, &value, __ATOMIC_RELEASE);
}
template <typename T>
inline void StoreSeqCst(T* word, T value) noexcept {
  __atomic_store(word, &value, __ATOMIC_SEQ_CST);
}
template <typename T>
inline T ExchangeSeqCst(T* word, T value) noexcept {
  T previous;
  __atomic_exchange(word, &value, &previous, __ATOMIC_SEQ_CST);
  return previous;
}
template <typename T>
inline T FetchOrSeqCst(T* word, T bits) noexcept {
  return __atomic_fetch_or(word, bits, __ATOMIC_SEQ_CST);
}

#endif

}  // namespace metrics_runtime
