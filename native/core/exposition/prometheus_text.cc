#include "core/exposition/prometheus_text.h"

#include "core/exposition/type_name.h"

namespace metrics_runtime {

void PrometheusText::BeginFamily(const Family& family) {
  using Escape = SampleLines::Escape;
  name_ = family.name;
  if (family.type == FamilyType::kCounter) name_ += "_total";
  lines_.BeginFamily(name_);
  if (!family.help.empty()) {
    lines_.Metadata("HELP", family.help, Escape::kBackslashAndNewline);
  }
  lines_.Metadata("TYPE", TextTypeName(family.type), Escape::kBackslashAndNewline);
}

size_t PrometheusText::Series(std::span<const Label> labels, double, const Point& point) {
  const size_t before = out_.size();
  lines_.BeginSeries(labels);
  std::visit([this](const auto& one) { Write(one); }, point);
  return out_.size() - before;
}

void PrometheusText::Write(const HistogramPoint& point) {
  const double count = lines_.Buckets(point);
  lines_.Sample("_sum", point.sum);
  lines_.Sample("_count", count);
}

void PrometheusText::Write(const SummaryPoint& point) {
  lines_.Quantiles(point, true);
  lines_.Sample("_sum", point.sum);
  lines_.Sample("_count", point.count);
}

}  // namespace metrics_runtime
