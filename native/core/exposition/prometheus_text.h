// The Prometheus text format 0.0.4 (prometheus.io, "Exposition formats"): HELP unless it is empty,
// TYPE, and a line for each sample. A counter's family has "_total" in its name everywhere. An
// exponential histogram is the classic one of classic_buckets.h. `created` has no place in it.
//
// Threads and errors: those of Renderer.
#pragma once

#include <string>

#include "core/exposition/classic_buckets.h"
#include "core/exposition/renderer.h"
#include "core/exposition/sample_lines.h"

namespace metrics_runtime {

class PrometheusText final : public Renderer {
 public:
  explicit PrometheusText(ByteChunks& out) : out_(out), lines_(out, BoundText::kShort) {}

  void BeginFamily(const Family& family) override;
  size_t Series(std::span<const Label> labels, double created, const Point& point) override;
  void EndFamily() override {}
  void Finish() override {}

 private:
  void Write(double value) { lines_.Sample("", value); }
  void Write(const HistogramPoint& point);
  void Write(const ExponentialPoint& point) { Write(classic_.Of(point)); }
  void Write(const SummaryPoint& point);

  ByteChunks& out_;
  std::string name_;
  SampleLines lines_;
  ClassicBuckets classic_;
};

}  // namespace metrics_runtime
