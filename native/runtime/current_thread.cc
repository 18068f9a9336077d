#include "runtime/current_thread.h"

#if defined(_WIN32)
#include <windows.h>
#elif defined(__APPLE__)
#include <pthread.h>
#else
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace metrics_runtime {

std::string FitThreadName(std::string_view name) {
  constexpr size_t kMaxBytes = 15;
  if (name.size() <= kMaxBytes) return std::string(name);
  size_t end = kMaxBytes;
  // Back to the first byte of the character that does not fit (UTF-8 continuation is 10xxxxxx).
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return std::string(name.substr(0, end));
}

void NameCurrentThread(const std::string& name) noexcept {
#if defined(_WIN32)
  wchar_t wide[32];
  const int length = MultiByteToWideChar(CP_UTF8, 0, name.c_str(), -1, wide, 32);
  if (length > 0) SetThreadDescription(GetCurrentThread(), wide);
#elif defined(__APPLE__)
  pthread_setname_np(name.c_str());
#else
  pthread_setname_np(pthread_self(), name.c_str());
#endif
}

uint64_t CurrentThreadId() noexcept {
#if defined(_WIN32)
  return GetCurrentThreadId();
#elif defined(__APPLE__)
  uint64_t id = 0;
  pthread_threadid_np(nullptr, &id);
  return id;
#else
  return static_cast<uint64_t>(syscall(SYS_gettid));
#endif
}

}  // namespace metrics_runtime
