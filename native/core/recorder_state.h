// The states of a recorder, as the contract names them. The numbers are part of the ring layout
// (`state`), so src/recorder/recorder-state.ts repeats their order.
#pragma once

#include <cstdint>

namespace metrics_runtime {

enum class RecorderState : uint32_t {
  kVirgin = 0,
  kStarting = 1,
  kRunning = 2,
  kStopping = 3,
  kStopped = 4,
  kFailure = 5,
};

}  // namespace metrics_runtime
