// JSON (RFC 8259) in UTF-8, without white space:
//
//   { families: [{ name, type, help, unit, series: [{ labels: { … }, created, value }] }] }
//
// type: "counter", "gauge", "histogram", "exponentialHistogram" or "summary"; name as in Family, a
// counter without "_total". created: seconds since the epoch. value:
//
//   counter, gauge         a number
//   histogram              { count, sum, buckets: [{ le, count }] }
//   exponentialHistogram   { count, sum, scale, zeroCount, positive, negative }
//   summary                { count, sum, quantiles: { "0.5": … } }
//
// Each bucket has its own count, not a cumulative one; the last `le` is "+Inf". A side of an
// exponential histogram is { offset, counts: [] }, the buckets of point.h.
//
// What JSON has no number for is a string: "NaN", "+Inf", "-Inf". Nothing else in the place of a
// number is one.
//
// Threads and errors: those of Renderer.
#pragma once

#include <string>
#include <string_view>

#include "core/exposition/renderer.h"

namespace metrics_runtime {

class JsonRenderer final : public Renderer {
 public:
  explicit JsonRenderer(ByteChunks& out) : out_(out) {}

  void BeginFamily(const Family& family) override;
  size_t Series(std::span<const Label> labels, double created, const Point& point) override;
  void EndFamily() override;
  void Finish() override;

 private:
  void Write(double value) { Number(value); }
  void Write(const HistogramPoint& point);
  void Write(const ExponentialPoint& point);
  void Write(const SummaryPoint& point);

  void Side(std::string_view key, const ExponentialPoint::Side& side);
  // `,"key":number`
  void Field(std::string_view key, double value);
  void Number(double value);
  void String(std::string_view text);
  // Empties text_ into the output.
  void Flush();

  ByteChunks& out_;
  std::string text_;
  bool has_family_ = false;
  bool has_series_ = false;
};

}  // namespace metrics_runtime
