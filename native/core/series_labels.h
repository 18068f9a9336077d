// The labels of a series as a snapshot shows them: an object from field name to text.
#pragma once

#include "core/dimension.h"
#include "core/series_index.h"
#include "core/string_table.h"
#include "core/value_writer.h"

namespace metrics_runtime {

// A oneOf's member, a label's string, "true" or "false", or the decimal digits of a uint32.
void WriteSeriesLabels(ValueWriter& writer, const GroupBy& group_by, SeriesIndex::Key key,
                       const StringTable& strings);

// The same texts, in the order of the fields.
void AddSeriesLabels(LabelValues& values, const GroupBy& group_by, SeriesIndex::Key key,
                     const StringTable& strings) noexcept;

// { metrics_overflow: "true" }: no event class may have a field of that name.
void WriteOverflowLabels(ValueWriter& writer);

}  // namespace metrics_runtime
