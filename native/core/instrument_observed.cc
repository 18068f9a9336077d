// Instrument: how one that is observed is written.
#include <utility>
#include <vector>

#include "core/instrument.h"
#include "core/series_labels.h"

namespace metrics_runtime {

void Instrument::WriteObserved(ValueWriter& writer, std::span<const void* const> left_out) const {
  if (!index_.has_value()) {
    definition_.meaning.Write(writer, TotalOf(series_.front(), left_out));
    return;
  }
  // Read once: a thread may be setting or taking back values meanwhile, and their number is written
  // before them.
  const std::vector<double> nothing = definition_.meaning.Nothing();
  std::vector<std::pair<uint32_t, std::vector<double>>> there;
  for (uint32_t i = 0; i < series_.size(); ++i) {
    std::vector<double> total = TotalOf(series_[i], left_out);
    if (total != nothing) there.emplace_back(i, std::move(total));
  }
  const std::vector<double> over = overflow_ == nullptr ? nothing : TotalOf(*overflow_, left_out);
  writer.Array(there.size() + (over == nothing ? 0 : 1));
  const auto write_value = [&](const std::vector<double>& total) {
    writer.Key("value");
    definition_.meaning.Write(writer, total);
  };
  for (const auto& [series, total] : there) {
    writer.Object(2);
    writer.Key("labels");
    WriteLabels(writer, series);
    write_value(total);
  }
  if (over == nothing) return;
  writer.Object(2);
  writer.Key("labels");
  WriteOverflowLabels(writer);
  write_value(over);
}

}  // namespace metrics_runtime
