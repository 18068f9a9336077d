#include "core/series_labels.h"

#include <array>
#include <charconv>
#include <string_view>

namespace metrics_runtime {

namespace {

void WriteLabel(ValueWriter& writer, const FieldSpec& field, uint32_t word,
                const StringTable& strings) {
  switch (field.kind) {
    case FieldKind::kLabel:
      return writer.String(strings.Text(word));
    case FieldKind::kOneOf:
      // An index that is out of range, only a thread that breaks the protocol can have written.
      return writer.String(word < field.members.size() ? field.members[word]
                                                       : StringTable::kOverflowValue);
    case FieldKind::kBoolean:
      return writer.String(word == 0 ? "false" : "true");
    default: {
      std::array<char, 10> digits{};
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), word).ptr;
      writer.String({digits.data(), end});
    }
  }
}

}  // namespace

void WriteSeriesLabels(ValueWriter& writer, const GroupBy& group_by, SeriesIndex::Key key,
                       const StringTable& strings) {
  writer.Object(key.size());
  for (size_t i = 0; i < key.size(); ++i) {
    writer.Key(group_by.fields[i].name);
    WriteLabel(writer, group_by.fields[i], key[i], strings);
  }
}

void WriteOverflowLabels(ValueWriter& writer) {
  writer.Object(1);
  writer.Key("metrics_overflow");
  writer.String("true");
}

}  // namespace metrics_runtime
