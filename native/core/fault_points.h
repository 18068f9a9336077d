// Where a test build can be told to fail as a system fails. In every other build each of these is
// a constant, and nothing of it is in the binary (test/packaging/fault-points.test.ts looks).
//
// Thread-safe. The test build's half, and how it is armed: native/test/fault_points/.
#pragma once

namespace metrics_runtime {

enum class FaultPoint {
  kThread,     // the system refuses a thread
  kLoop,       // the system refuses an event loop
  kReadiness,  // the runtime thread takes its time before it says that it runs
  kTurn,       // a turn of the loop takes its time before it begins
  kDispatch,   // an event cannot be dispatched
};

#if defined(METRICS_RUNTIME_FAULT_POINTS)

// Whether what stands at this point is to fail this time.
[[nodiscard]] bool FailsAt(FaultPoint point) noexcept;
// Passes the time that this point is to take.
void LingerAt(FaultPoint point) noexcept;

#else

[[nodiscard]] constexpr bool FailsAt(FaultPoint) noexcept { return false; }
constexpr void LingerAt(FaultPoint) noexcept {}

#endif

}  // namespace metrics_runtime
