// Why a call on the runtime did not succeed, as plain data. binding/conversions.cc turns it into an
// object and src/native/failures.ts that into the typed error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/recorder_fault.h"
#include "core/recorder_state.h"

namespace metrics_runtime {

enum class RuntimeState : uint32_t {
  kVirgin = 0,
  kStarting = 1,
  kRunning = 2,
  kStopping = 3,
  kClosed = 4,
  kFailure = 5,
};

struct Failure {
  enum class Kind {
    kRuntimeState,     // the runtime is in `runtime_state`
    kStartup,          // `uv_error` and `syscall`, or the limit passed after `waited_ms`
    kShutdown,         // `recorder_faults`, or the limit passed after `waited_ms`
    kLoopUnavailable,  // after `waited_ms`
    kAlreadyExists,    // the recorder's id is taken
    kNotFound,         // no recorder has that id
    kNameTaken,        // a metric of the recorder has the name, and is another one
    kSampleNameTaken,  // `message`: a name that it would be exposed under, and who else is
    kLabelNameTaken,   // `message`: a name under which two of its labels would be, and where
    kRecorderState,    // the recorder is in `recorder_state`
    kRecorderFault,    // the recorder has failed: `fault_kind` and `message`
    kOutOfMemory,
  };

  Kind kind;
  RuntimeState runtime_state = RuntimeState::kVirgin;
  RecorderState recorder_state = RecorderState::kVirgin;
  double waited_ms = 0;
  int uv_error = 0;
  const char* syscall = nullptr;
  RecorderFault::Kind fault_kind = RecorderFault::Kind::kNone;
  std::string message = {};

  struct OfRecorder {
    std::string recorder_id;
    RecorderFault::Kind kind;
    std::string message;
  };
  std::vector<OfRecorder> recorder_faults = {};
};

using Status = std::optional<Failure>;

template <typename Value>
using Result = std::variant<Value, Failure>;

}  // namespace metrics_runtime
