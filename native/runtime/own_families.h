// What a runtime tells of itself and its recorders in every exposition.
#pragma once

#include <span>
#include <vector>

#include "core/exposition/exposed_family.h"
#include "core/exposition/rendering.h"
#include "core/recorder.h"

namespace metrics_runtime {

// Of the runtime's thread, since it was started.
struct OwnTimes {
  double begun = 0;  // seconds since the epoch
  double drain_seconds = 0;
  double render_seconds = 0;
  double renders = 0;
};

// All of them, for the registry: no metric may have one of these names. Throws std::bad_alloc.
[[nodiscard]] std::vector<ExposedFamily> OwnFamilies();
// Throw std::bad_alloc.
[[nodiscard]] std::vector<RenderedNumber> NumbersOfRecorder(const Recorder& recorder);
[[nodiscard]] std::vector<RenderedNumber> NumbersOfRuntime(const OwnTimes& times);

}  // namespace metrics_runtime
