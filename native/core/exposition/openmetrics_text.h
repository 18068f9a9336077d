// OpenMetrics 1.0 (openmetrics.io, "OpenMetrics, a cloud-native, highly scalable metrics
// protocol"): TYPE, UNIT and HELP, samples, at last EOF. A counter's family has no "_total", its
// sample has. Counters, histograms and summaries say by "_created" when they began. An exponential
// histogram is the classic one of classic_buckets.h.
//
// A parser may refuse a whole text for one sample that the specification forbids, so what it
// forbids is left out:
//   - UNIT where the name is the unit and nothing else, as it has to be a suffix;
//   - "_sum" and with it "_count", of a histogram that has negative bounds, or whose sum is
//   negative
//     or not a number: it is no counter then. The count is that of the bucket +Inf;
//   - "_sum" of a summary for the same reason, and quantiles that are negative;
//   - "_total" of a counter that is negative or not a number.
//
// Threads and errors: those of Renderer.
#pragma once

#include "core/exposition/classic_buckets.h"
#include "core/exposition/renderer.h"
#include "core/exposition/sample_lines.h"

namespace metrics_runtime {

class OpenMetricsText final : public Renderer {
 public:
  explicit OpenMetricsText(ByteChunks& out) : out_(out), lines_(out, BoundText::kCanonical) {}

  void BeginFamily(const Family& family) override;
  size_t Series(std::span<const Label> labels, double created, const Point& point) override;
  void EndFamily() override {}
  void Finish() override;

 private:
  void Write(double value);
  void Write(const HistogramPoint& point);
  void Write(const ExponentialPoint& point) { Write(classic_.Of(point)); }
  void Write(const SummaryPoint& point);

  ByteChunks& out_;
  SampleLines lines_;
  ClassicBuckets classic_;
  FamilyType type_ = FamilyType::kGauge;
};

}  // namespace metrics_runtime
