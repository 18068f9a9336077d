#include "core/exposition/openmetrics_text.h"

#include "core/exposition/names.h"
#include "core/exposition/type_name.h"

namespace metrics_runtime {

namespace {

// Whether the sum of these values never goes down. Its sign alone does not tell: it would come and
// go with it, and a sum that was 100 and is 90 look like a restart. But a sum in slots is there a
// moment before the least value that belongs to it.
template <typename Distribution>
bool HasCounterSum(const Distribution& point) noexcept {
  return !point.has_negative && point.sum >= 0;
}

}  // namespace

void OpenMetricsText::BeginFamily(const Family& family) {
  constexpr auto kEscape = SampleLines::Escape::kQuotationMarkToo;
  type_ = family.type;
  lines_.BeginFamily(family.name);
  lines_.Metadata("TYPE", TextTypeName(family.type), kEscape);
  if (HasUnitSuffix(family)) lines_.Metadata("UNIT", family.unit, kEscape);
  if (!family.help.empty()) lines_.Metadata("HELP", family.help, kEscape);
}

size_t OpenMetricsText::Series(std::span<const Label> labels, double created, const Point& point) {
  const size_t before = out_.size();
  lines_.BeginSeries(labels);
  std::visit([&](const auto& one) { Write(one, created); }, point);
  return out_.size() - before;
}

void OpenMetricsText::Finish() { out_.Append("# EOF\n"); }

void OpenMetricsText::Write(double value, double created) {
  if (type_ == FamilyType::kGauge) {
    lines_.Sample("", value);
  } else if (value >= 0) {
    lines_.Sample("_total", value);
    lines_.Sample("_created", created);
  }
}

void OpenMetricsText::Write(const HistogramPoint& point, double created) {
  const double count = lines_.Buckets(point);
  const bool has_negative_bounds = !point.bounds.empty() && point.bounds.front() < 0;
  if (!has_negative_bounds && HasCounterSum(point)) {
    lines_.Sample("_count", count);
    lines_.Sample("_sum", point.sum);
  }
  lines_.Sample("_created", created);
}

void OpenMetricsText::Write(const SummaryPoint& point, double created) {
  lines_.Quantiles(point, false);
  lines_.Sample("_count", point.count);
  if (HasCounterSum(point)) lines_.Sample("_sum", point.sum);
  lines_.Sample("_created", created);
}

}  // namespace metrics_runtime
