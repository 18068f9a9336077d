// A dimension that is one series for each combination of labels, up to a limit, and one more for
// everything beyond it. Its memory grows with the series and no further.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

#include "core/dimension.h"
#include "core/ring_layout.h"
#include "core/series_index.h"
#include "core/series_labels.h"

namespace metrics_runtime {

template <typename Aggregation>
class GroupedSeries final : public Dimension {
 public:
  GroupedSeries(const DimensionDefinition& definition, const StringTable& strings)
      : options_(definition.aggregation),
        group_by_(definition.group_by),
        strings_(strings),
        index_(definition.group_by.fields.size()) {}

  Recorded Record(const EventRecord& record, const EventSource& source) override {
    const auto value = source.value.Of<typename Aggregation::Input>(record);
    std::array<uint32_t, RingLayout::kMaxFields> words;
    const size_t width = source.by.size();
    for (size_t i = 0; i < width; ++i) words[i] = record.U32(source.by[i]);
    const SeriesIndex::Key key(words.data(), width);

    const uint32_t series = index_.Find(key);
    if (series != SeriesIndex::kNone) {
      states_[series].Record(value);
    } else if (index_.size() < group_by_.max_series) {
      Begin(key, value);
    } else {
      RecordOverflow(value);
      return Recorded::kInOverflow;
    }
    return Recorded::kInSeries;
  }

  void CopyFrom(const Dimension& other) override {
    const auto& from = static_cast<const GroupedSeries&>(other);
    for (uint32_t series = 0; series < from.states_.size(); ++series) {
      states_.emplace_back(options_).Merge(from.states_[series]);
      index_.Add(from.index_.KeyOf(series));
    }
    if (from.overflow_ == nullptr) return;
    overflow_ = std::make_unique<Aggregation>(options_);
    overflow_->Merge(*from.overflow_);
  }

  void Write(ValueWriter& writer) const override {
    writer.Array(states_.size() + (overflow_ == nullptr ? 0 : 1));
    for (uint32_t series = 0; series < states_.size(); ++series) {
      WriteSeries(writer, states_[series],
                  [&] { WriteSeriesLabels(writer, group_by_, index_.KeyOf(series), strings_); });
    }
    if (overflow_ == nullptr) return;
    WriteSeries(writer, *overflow_, [&] { WriteOverflowLabels(writer); });
  }

  [[nodiscard]] uint32_t series_count() const noexcept override { return index_.size(); }
  [[nodiscard]] std::optional<Point> CopyPoint(uint32_t series,
                                               NumberStore& numbers) const override {
    if (series != kOverflowSeries) return states_[series].CopyTo(numbers);
    return overflow_ == nullptr ? std::nullopt : overflow_->CopyTo(numbers);
  }
  void AddLabels(uint32_t series, LabelValues& values) const noexcept override {
    AddSeriesLabels(values, group_by_, index_.KeyOf(series), strings_);
  }

 private:
  void Begin(SeriesIndex::Key key, typename Aggregation::Input value) {
    states_.emplace_back(options_);
    try {
      states_.back().Record(value);
      index_.Add(key);
    } catch (...) {
      states_.pop_back();
      throw;
    }
  }

  void RecordOverflow(typename Aggregation::Input value) {
    if (overflow_ != nullptr) {
      overflow_->Record(value);
      return;
    }
    auto begun = std::make_unique<Aggregation>(options_);
    begun->Record(value);
    overflow_ = std::move(begun);
  }

  template <typename WriteLabels>
  static void WriteSeries(ValueWriter& writer, const Aggregation& state,
                          WriteLabels&& write_labels) {
    writer.Object(2);
    writer.Key("labels");
    write_labels();
    writer.Key("value");
    state.Write(writer);
  }

  const AggregationOptions& options_;
  const GroupBy& group_by_;
  const StringTable& strings_;
  SeriesIndex index_;
  std::deque<Aggregation> states_;  // by series; a deque, because a state need not be movable
  std::unique_ptr<Aggregation> overflow_;
};

}  // namespace metrics_runtime
