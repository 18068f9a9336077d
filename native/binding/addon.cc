// The addon's entry: context-aware, one Environment for each JavaScript environment.
#include <napi.h>

#include "binding/environment.h"

namespace metrics_runtime {

NODE_API_NAMED_ADDON(metrics_runtime, Environment)

}  // namespace metrics_runtime
