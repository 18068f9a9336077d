#include "runtime/process_barrier.h"

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#elif defined(_WIN32)
#include <windows.h>
#endif

namespace metrics_runtime {

#if defined(__linux__)

namespace {

// As in linux/membarrier.h, which older systems that we are built on may lack.
constexpr int kGlobal = 1 << 0;
constexpr int kPrivateExpedited = 1 << 3;
constexpr int kRegisterPrivateExpedited = 1 << 4;

bool Membarrier(int command) noexcept {
#if defined(SYS_membarrier)
  return syscall(SYS_membarrier, command, 0, 0) == 0;
#else
  (void)command;
  return false;
#endif
}

}  // namespace

bool HasProcessBarrier() noexcept {
  static const bool registered = Membarrier(kRegisterPrivateExpedited);
  return registered;
}

void RunProcessBarrier() noexcept {
  if (!HasProcessBarrier() || Membarrier(kPrivateExpedited)) return;
  // Registered, so only for want of memory. The slow one needs none; where even that is refused,
  // by a sandbox that came later, time has to do: a store leaves its processor in microseconds.
  if (!Membarrier(kGlobal)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

#elif defined(_WIN32)

bool HasProcessBarrier() noexcept { return true; }

void RunProcessBarrier() noexcept { FlushProcessWriteBuffers(); }

#else

bool HasProcessBarrier() noexcept { return false; }

void RunProcessBarrier() noexcept {}

#endif

}  // namespace metrics_runtime
