// OpenMetrics 1.0 (openmetrics.io, "OpenMetrics, a cloud-native, highly scalable metrics
// protocol"): TYPE, UNIT and HELP, samples, at last EOF. A counter's family has no "_total", its
// sample has. Counters, histograms and summaries say by "_created" when they began. An exponential
// histogram is the classic one of classic_buckets.h.
//
// A parser may refuse a whole text for one sample that the specification forbids, so what it
// forbids is left out:
//   - UNIT where the name does not end with "_" and the unit, as when it is the unit alone;
//   - "_sum" of a histogram that has negative bounds or has recorded a negative value, or whose sum
//     is not a number: it is no counter then. With it goes "_count", which may not be there alone;
//     it is the number in the bucket +Inf;
//   - "_sum" of a summary that has recorded a negative value, and quantiles that are negative;
//   - "_total" of a counter that is negative or not a number, and with it "_created".
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
  void Write(double value, double created);
  void Write(const HistogramPoint& point, double created);
  void Write(const ExponentialPoint& point, double created) { Write(classic_.Of(point), created); }
  void Write(const SummaryPoint& point, double created);

  ByteChunks& out_;
  SampleLines lines_;
  ClassicBuckets classic_;
  FamilyType type_ = FamilyType::kGauge;
};

}  // namespace metrics_runtime
