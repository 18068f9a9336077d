// What the operating system calls the calling thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace metrics_runtime {

// The first bytes of `name` that fit an OS thread name (15 bytes, Linux), cut between characters.
[[nodiscard]] std::string FitThreadName(std::string_view name);

// Names the calling thread, where the platform can; a refusal is of no consequence.
void NameCurrentThread(const std::string& name) noexcept;

// The OS's id of the calling thread, as /proc, top and debuggers show it.
[[nodiscard]] uint64_t CurrentThreadId() noexcept;

}  // namespace metrics_runtime
