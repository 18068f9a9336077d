// io.prometheus.client.MetricFamily messages, each after its length as a varint (prometheus,
// client_model, metrics.proto). As client_golang writes them: a counter's family has "_total" in
// its name, and there is none for a family without series. The unit is there where the name has it
// as a suffix: for another one, later versions of Prometheus refuse the whole exposition.
//
// A histogram with explicit bounds has buckets, cumulative, to +Inf. An exponential one has the
// same, those of classic_buckets.h, and beside them the fields of a native histogram, so that each
// scraper takes what it can:
//   - schema is the scale, -4 … 8. A scale below -4 cannot be said, nor buckets be made finer:
//     there the histogram has its buckets alone;
//   - Prometheus' bucket i is (base^(i-1), base^i] where OpenTelemetry's is (base^i, base^(i+1)],
//     so an index is one more;
//   - gaps of at most two empty buckets are counts of 0 within a span, as client_golang has it;
//   - zero_threshold is 2^-128, client_golang's, so that histograms of both can be added. It is a
//     bound at each of those scales, and what lies within it is in zero_count;
//   - without any bucket there is a span of length 0, or Prometheus would take the histogram for
//     one with explicit bounds.
//
// Threads and errors: those of Renderer.
#pragma once

#include "core/exposition/classic_buckets.h"
#include "core/exposition/protobuf_message.h"
#include "core/exposition/renderer.h"

namespace metrics_runtime {

class PrometheusProtobuf final : public Renderer {
 public:
  explicit PrometheusProtobuf(ByteChunks& out) : out_(out) {}

  void BeginFamily(const Family& family) override { family_ = &family; }
  size_t Series(std::span<const Label> labels, double created, const Point& point) override;
  void EndFamily() override;
  void Finish() override {}

 private:
  struct SideFields;

  void Write(double value, double created);
  void Write(const HistogramPoint& point, double created);
  void Write(const ExponentialPoint& point, double created);
  void Write(const SummaryPoint& point, double created);

  // The fields of the message at hand, in value_.
  void Buckets(const HistogramPoint& point);
  void NativeBuckets(const ExponentialPoint& point);
  // Of the buckets beyond `zero_index`; returns how many values are in those up to it.
  double Side(const ExponentialPoint::Side& side, int32_t zero_index, const SideFields& fields);
  void Span(uint32_t field, int32_t offset, int32_t length);
  void Created(uint32_t field, double created);

  ByteChunks& out_;
  const Family* family_ = nullptr;
  ByteChunks series_;  // of the family at hand: its length goes before it
  ProtobufMessage metric_;
  ProtobufMessage value_;  // what the metric has: a counter, a histogram, …
  ProtobufMessage part_;   // and what that has
  ClassicBuckets classic_;
};

}  // namespace metrics_runtime
