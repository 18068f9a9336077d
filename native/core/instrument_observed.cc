// Instrument: how one that is observed is written.
#include <optional>
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
  std::vector<std::pair<uint32_t, SlotTotal>> there;
  for (uint32_t i = 0; i < series_.size(); ++i) {
    if (series_[i].ended) continue;
    SlotTotal total = TotalOf(series_[i], left_out);
    if (SlotMeaning::IsSet(total)) there.emplace_back(i, std::move(total));
  }
  std::optional<SlotTotal> over;
  if (overflow_ != nullptr) over = TotalOf(*overflow_, left_out);
  if (over.has_value() && !SlotMeaning::IsSet(*over)) over.reset();
  writer.Array(there.size() + (over.has_value() ? 1 : 0));
  const auto write_value = [&](const SlotTotal& total) {
    writer.Key("value");
    definition_.meaning.Write(writer, total);
  };
  for (const auto& [series, total] : there) {
    writer.Object(2);
    writer.Key("labels");
    WriteLabels(writer, series);
    write_value(total);
  }
  if (!over.has_value()) return;
  writer.Object(2);
  writer.Key("labels");
  WriteOverflowLabels(writer);
  write_value(*over);
}

}  // namespace metrics_runtime
