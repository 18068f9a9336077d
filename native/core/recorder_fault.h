// Why a recorder is in kFailure. Plain data; the text outlives the recorder's last reader or is a
// literal, so that failing needs no memory.
#pragma once

namespace metrics_runtime {

struct RecorderFault {
  enum class Kind {
    kNone,
    kDispatcher,       // events can no longer be dispatched
    kOnStartingHook,   // the hook that was to let it start threw
    kOnStoppedHook,    // the hook after its stop threw
    kUnfinishedStart,  // a start that a hook was part of could not be finished
  };

  Kind kind = Kind::kNone;
  const char* reason = "";
};

}  // namespace metrics_runtime
