#include "core/exposition/openmetrics_text.h"

#include "core/exposition/names.h"
#include "core/exposition/type_name.h"

namespace metrics_runtime {

void OpenMetricsText::BeginFamily(const Family& family) {
  constexpr auto kEscape = SampleLines::Escape::kQuotationMarkToo;
  type_ = family.type;
  lines_.BeginFamily(family.name);
  lines_.Metadata("TYPE", TypeName(family.type), kEscape);
  if (HasUnitSuffix(family)) lines_.Metadata("UNIT", family.unit, kEscape);
  if (!family.help.empty()) lines_.Metadata("HELP", family.help, kEscape);
}

size_t OpenMetricsText::Series(std::span<const Label> labels, double created, const Point& point) {
  const size_t before = out_.size();
  lines_.BeginSeries(labels);
  std::visit([this](const auto& one) { Write(one); }, point);
  if (type_ != FamilyType::kGauge) lines_.Sample("_created", created);
  return out_.size() - before;
}

void OpenMetricsText::Finish() { out_.Append("# EOF\n"); }

void OpenMetricsText::Write(double value) {
  if (type_ == FamilyType::kGauge) {
    lines_.Sample("", value);
  } else if (value >= 0) {
    lines_.Sample("_total", value);
  }
}

void OpenMetricsText::Write(const HistogramPoint& point) {
  const double count = lines_.Buckets(point);
  const bool has_negative_bounds = !point.bounds.empty() && point.bounds.front() < 0;
  if (has_negative_bounds || !(point.sum >= 0)) return;
  lines_.Sample("_count", count);
  lines_.Sample("_sum", point.sum);
}

void OpenMetricsText::Write(const SummaryPoint& point) {
  lines_.Quantiles(point, false);
  lines_.Sample("_count", point.count);
  if (point.sum >= 0) lines_.Sample("_sum", point.sum);
}

}  // namespace metrics_runtime
