// How a test arms the fault points of core/fault_points.h, and makes memory scarce. Process-wide:
// what fails is a process's thread or memory, whichever runtime asks.
//
// Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>

#include "core/fault_points.h"

namespace metrics_runtime::test {

// The next `times` passes of `point` fail, after `passes` that do not. 0 times: none.
void FailAt(FaultPoint point, uint32_t passes, uint32_t times) noexcept;
// Until `span` from now, whoever comes to `point` stays there. 0: those who are there go on.
void HoldAt(FaultPoint point, std::chrono::milliseconds span) noexcept;
// `new` in this addon gives memory `granted` times more, on whichever thread, and then refuses.
void RefuseMemoryAfter(uint32_t granted) noexcept;
// As if nothing of the above had been called. Returns how often memory was refused since.
uint32_t GrantMemory() noexcept;

}  // namespace metrics_runtime::test
