// Writes families in one exposition format. Each series is a call of its own, so that whoever
// renders many can do other things in between.
//
// Use: for each family BeginFamily, its series, EndFamily; at last Finish, once.
// Threads: one at a time. Throws std::bad_alloc; what was written is then of no use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/exposition/byte_chunks.h"
#include "core/exposition/family.h"
#include "core/exposition/point.h"

namespace metrics_runtime {

// The numbers cross to JavaScript; src/exposition/exposition-format.ts repeats them.
enum class ExpositionFormat : uint32_t {
  kPrometheusText = 0,      // text/plain; version=0.0.4
  kOpenMetrics = 1,         // application/openmetrics-text; version=1.0.0
  kPrometheusProtobuf = 2,  // io.prometheus.client.MetricFamily, delimited, native histograms
  kJson = 3,
};

class Renderer {
 public:
  virtual ~Renderer() = default;
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;

  // No two families of one rendering have the same name; `family` lives until EndFamily.
  virtual void BeginFamily(const Family& family) = 0;
  // `point` is of the family's type. No two series of a family have the same labels. `created`:
  // when the series began, in seconds since the epoch. Returns how many bytes it came to.
  virtual size_t Series(std::span<const Label> labels, double created, const Point& point) = 0;
  virtual void EndFamily() = 0;
  virtual void Finish() = 0;

 protected:
  Renderer() = default;
};

// Appends to `out`, which outlives it. What of a family is not ended yet, may not be in `out` yet.
[[nodiscard]] std::unique_ptr<Renderer> MakeRenderer(ExpositionFormat format, ByteChunks& out);

}  // namespace metrics_runtime
