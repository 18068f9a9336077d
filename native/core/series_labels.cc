#include "core/series_labels.h"

#include <string_view>

namespace metrics_runtime {

namespace {

void AddLabel(LabelValues& values, const FieldSpec& field, uint32_t word,
              const StringTable& strings) noexcept {
  switch (field.kind) {
    case FieldKind::kLabel:
      return values.Add(strings.Text(word));
    case FieldKind::kOneOf:
      // An index that is out of range, only a thread that breaks the protocol can have written.
      return values.Add(word < field.members.size() ? std::string_view(field.members[word])
                                                    : StringTable::kOverflowValue);
    case FieldKind::kBoolean:
      return values.Add(std::string_view(word == 0 ? "false" : "true"));
    default:
      return values.Add(word);
  }
}

}  // namespace

void AddSeriesLabels(LabelValues& values, const GroupBy& group_by, SeriesIndex::Key key,
                     const StringTable& strings) noexcept {
  for (size_t i = 0; i < key.size(); ++i) AddLabel(values, group_by.fields[i], key[i], strings);
}

void WriteSeriesLabels(ValueWriter& writer, const GroupBy& group_by, SeriesIndex::Key key,
                       const StringTable& strings) {
  LabelValues values;
  AddSeriesLabels(values, group_by, key, strings);
  writer.Object(key.size());
  for (size_t i = 0; i < key.size(); ++i) {
    writer.Key(group_by.fields[i].name);
    writer.String(values.values()[i]);
  }
}

void WriteOverflowLabels(ValueWriter& writer) {
  writer.Object(1);
  writer.Key("metrics_overflow");
  writer.String("true");
}

}  // namespace metrics_runtime
