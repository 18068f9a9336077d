// What a runtime tells of itself and its recorders in every exposition.
#pragma once

#include <vector>

#include "core/exposition/exposed_family.h"
#include "core/exposition/rendering.h"
#include "core/recorder.h"

namespace metrics_runtime {

// Of the runtime's thread, since the runtime was made.
struct OwnTimes {
  double begun = 0;  // seconds since the epoch
  double drain_seconds = 0;
  double render_seconds = 0;
  double renders = 0;
  double renders_failed = 0;
};

// Threads: any; it never changes. Lifetime: longer than every rendering with its numbers.
class OwnFamilies {
 public:
  // Throws std::bad_alloc, as everything else here.
  OwnFamilies();
  OwnFamilies(const OwnFamilies&) = delete;
  OwnFamilies& operator=(const OwnFamilies&) = delete;

  // All of them, for the registry: no metric may have one of these names.
  [[nodiscard]] std::vector<ExposedFamily> Exposed() const;
  [[nodiscard]] std::vector<RenderedNumber> NumbersOf(const Recorder& recorder) const;
  [[nodiscard]] std::vector<RenderedNumber> NumbersOf(const OwnTimes& times) const;

 private:
  std::vector<Family> of_recorder_;
  std::vector<Family> of_runtime_;
};

}  // namespace metrics_runtime
