#include "core/exposition/prometheus_protobuf.h"

#include <cmath>
#include <limits>
#include <utility>

#include "core/exposition/names.h"

namespace metrics_runtime {

// The numbers of metrics.proto.
namespace {

enum : uint32_t { kFamilyName = 1, kFamilyHelp, kFamilyType, kFamilyMetric, kFamilyUnit };
enum : uint32_t { kTypeCounter = 0, kTypeGauge, kTypeSummary, kTypeHistogram = 4 };
enum : uint32_t {
  kMetricLabel = 1,
  kMetricGauge,
  kMetricCounter,
  kMetricSummary,
  kMetricHistogram = 7
};
enum : uint32_t { kLabelName = 1, kLabelValue };
enum : uint32_t { kNumberValue = 1, kCounterCreated = 3 };
enum : uint32_t { kSampleCount = 1, kSampleSum, kSummaryQuantile, kSummaryCreated };
enum : uint32_t { kQuantileQuantile = 1, kQuantileValue };
enum : uint32_t {
  kHistogramBucket = 3,
  kHistogramSchema = 5,
  kHistogramZeroThreshold,
  kHistogramZeroCount,
  kHistogramNegativeSpan = 9,
  kHistogramNegativeDelta,
  kHistogramPositiveSpan = 12,
  kHistogramPositiveDelta,
  kHistogramCreated = 15
};
enum : uint32_t { kBucketCount = 1, kBucketBound };
enum : uint32_t { kSpanOffset = 1, kSpanLength };
enum : uint32_t { kTimestampSeconds = 1, kTimestampNanos };

constexpr int32_t kLeastSchema = -4;
constexpr int32_t kMostGap = 2;
constexpr int kZeroExponent = -128;

uint32_t TypeNumber(FamilyType type) noexcept {
  switch (type) {
    case FamilyType::kCounter:
      return kTypeCounter;
    case FamilyType::kSummary:
      return kTypeSummary;
    case FamilyType::kHistogram:
    case FamilyType::kExponentialHistogram:
      return kTypeHistogram;
    case FamilyType::kGauge:
      break;
  }
  return kTypeGauge;
}

uint32_t MetricField(FamilyType type) noexcept {
  switch (type) {
    case FamilyType::kCounter:
      return kMetricCounter;
    case FamilyType::kSummary:
      return kMetricSummary;
    case FamilyType::kHistogram:
    case FamilyType::kExponentialHistogram:
      return kMetricHistogram;
    case FamilyType::kGauge:
      break;
  }
  return kMetricGauge;
}

}  // namespace

struct PrometheusProtobuf::SideFields {
  uint32_t span;
  uint32_t delta;
};

size_t PrometheusProtobuf::Series(std::span<const Label> labels, double created,
                                  const Point& point) {
  metric_.Clear();
  for (const Label& label : labels) {
    part_.Clear();
    part_.Bytes(kLabelName, label.name);
    part_.Bytes(kLabelValue, label.value);
    metric_.Bytes(kMetricLabel, part_.bytes());
  }
  value_.Clear();
  std::visit([&](const auto& one) { Write(one, created); }, point);
  metric_.Bytes(MetricField(family_->type), value_.bytes());
  part_.Clear();
  part_.Bytes(kFamilyMetric, metric_.bytes());
  series_.Append(part_.bytes());
  return part_.bytes().size();
}

void PrometheusProtobuf::EndFamily() {
  if (series_.size() == 0) return;
  part_.Clear();
  part_.Bytes(kFamilyName,
              family_->type == FamilyType::kCounter ? family_->name + "_total" : family_->name);
  if (!family_->help.empty()) part_.Bytes(kFamilyHelp, family_->help);
  part_.Varint(kFamilyType, TypeNumber(family_->type));
  if (HasUnitSuffix(*family_)) part_.Bytes(kFamilyUnit, family_->unit);

  char* const to = out_.Reserve(ProtobufMessage::kMostVarint);
  const char* const end = ProtobufMessage::WriteVarint(to, part_.bytes().size() + series_.size());
  out_.Commit(static_cast<size_t>(end - to));
  out_.Append(part_.bytes());
  out_.Append(std::move(series_));
}

void PrometheusProtobuf::Write(double value, double created) {
  value_.Double(kNumberValue, value);
  if (family_->type == FamilyType::kCounter) Created(kCounterCreated, created);
}

void PrometheusProtobuf::Write(const HistogramPoint& point, double created) {
  Buckets(point);
  Created(kHistogramCreated, created);
}

void PrometheusProtobuf::Write(const ExponentialPoint& point, double created) {
  Buckets(classic_.Of(point));
  if (point.scale >= kLeastSchema) NativeBuckets(point);
  Created(kHistogramCreated, created);
}

void PrometheusProtobuf::Write(const SummaryPoint& point, double created) {
  value_.Varint(kSampleCount, static_cast<uint64_t>(point.count));
  value_.Double(kSampleSum, point.sum);
  for (size_t i = 0; i < point.quantiles.size(); ++i) {
    part_.Clear();
    part_.Double(kQuantileQuantile, point.quantiles[i]);
    part_.Double(kQuantileValue, point.values[i]);
    value_.Bytes(kSummaryQuantile, part_.bytes());
  }
  Created(kSummaryCreated, created);
}

void PrometheusProtobuf::Buckets(const HistogramPoint& point) {
  double count = 0;
  for (size_t i = 0; i < point.counts.size(); ++i) {
    count += point.counts[i];
    part_.Clear();
    part_.Varint(kBucketCount, static_cast<uint64_t>(count));
    part_.Double(kBucketBound, i < point.bounds.size() ? point.bounds[i]
                                                       : std::numeric_limits<double>::infinity());
    value_.Bytes(kHistogramBucket, part_.bytes());
  }
  value_.Varint(kSampleCount, static_cast<uint64_t>(count));
  value_.Double(kSampleSum, point.sum);
}

void PrometheusProtobuf::NativeBuckets(const ExponentialPoint& point) {
  constexpr SideFields kNegative{kHistogramNegativeSpan, kHistogramNegativeDelta};
  constexpr SideFields kPositive{kHistogramPositiveSpan, kHistogramPositiveDelta};
  const int32_t zero_index =
      point.scale >= 0 ? kZeroExponent * (1 << point.scale) : kZeroExponent >> -point.scale;
  const size_t without = value_.bytes().size();
  const double zeros = point.zero_count + Side(point.negative, zero_index, kNegative) +
                       Side(point.positive, zero_index, kPositive);
  if (value_.bytes().size() == without) Span(kHistogramPositiveSpan, 0, 0);
  value_.Zigzag(kHistogramSchema, point.scale);
  value_.Double(kHistogramZeroThreshold, std::ldexp(1.0, kZeroExponent));
  value_.Varint(kHistogramZeroCount, static_cast<uint64_t>(zeros));
}

double PrometheusProtobuf::Side(const ExponentialPoint::Side& side, int32_t zero_index,
                                const SideFields& fields) {
  double zeros = 0;
  int64_t previous = 0;      // count
  int32_t previous_end = 0;  // of the span before
  int32_t begin = 0;         // of the span at hand, which is none while it is empty
  int32_t end = 0;
  const auto add = [&](int64_t count) {
    value_.Zigzag(fields.delta, count - previous);
    previous = count;
    ++end;
  };
  const auto end_span = [&] {
    if (begin == end) return;
    Span(fields.span, begin - previous_end, end - begin);
    previous_end = end;
  };
  for (size_t i = 0; i < side.counts.size(); ++i) {
    const auto count = static_cast<int64_t>(side.counts[i]);
    if (count == 0) continue;
    const int32_t index = side.offset + static_cast<int32_t>(i) + 1;
    if (index <= zero_index) {
      zeros += side.counts[i];
      continue;
    }
    if (begin == end || index - end > kMostGap) {
      end_span();
      begin = end = index;
    }
    while (end < index) add(0);
    add(count);
  }
  end_span();
  return zeros;
}

void PrometheusProtobuf::Span(uint32_t field, int32_t offset, int32_t length) {
  part_.Clear();
  part_.Zigzag(kSpanOffset, offset);
  part_.Varint(kSpanLength, static_cast<uint64_t>(length));
  value_.Bytes(field, part_.bytes());
}

void PrometheusProtobuf::Created(uint32_t field, double created) {
  constexpr double kNanosPerSecond = 1e9;
  double seconds = std::floor(created);
  double nanos = std::round((created - seconds) * kNanosPerSecond);
  if (nanos >= kNanosPerSecond) {
    seconds += 1;
    nanos = 0;
  }
  part_.Clear();
  part_.Varint(kTimestampSeconds, static_cast<uint64_t>(static_cast<int64_t>(seconds)));
  part_.Varint(kTimestampNanos, static_cast<uint64_t>(nanos));
  value_.Bytes(field, part_.bytes());
}

}  // namespace metrics_runtime
