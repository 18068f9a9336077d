#include "core/instrument.h"

#include <algorithm>
#include <utility>

#include "core/series_labels.h"

namespace metrics_runtime {

const ExponentialSlots* Instrument::BucketsOf(const Part& part) const {
  const auto found = places_.find(part.slots);
  return found == places_.end() ? nullptr : &found->second.buckets;
}

SlotTotal Instrument::TotalOf(const Series& series, std::span<const void* const> left_out) const {
  SlotTotal total = series.folded;
  for (const Part& part : series.parts) {
    const bool is_left_out = std::ranges::find(left_out, part.thread) != left_out.end();
    if (!is_left_out) definition_.meaning.Add(total, part.slots, BucketsOf(part));
  }
  return total;
}

void Instrument::FoldIn(Series& series, const void* thread) noexcept {
  const size_t folded = std::erase_if(series.parts, [&](const Part& part) {
    if (thread != nullptr && part.thread != thread) return false;
    if (thread == nullptr || definition_.meaning.outlives_its_thread()) {
      definition_.meaning.Fold(series.folded, part.slots, BucketsOf(part));
    }
    places_.erase(part.slots);
    return true;
  });
  if (folded > 0 && thread != nullptr) NoteEndOfThread(series);
}

Instrument::Instrument(InstrumentDefinition definition,
                       std::shared_ptr<std::atomic<uint64_t>> overflows)
    : definition_(std::move(definition)), overflows_(std::move(overflows)) {
  if (definition_.labels.empty()) {
    series_.emplace_back(definition_.meaning.Nothing());
    return;
  }
  index_.emplace(definition_.labels.size());
  strings_ = std::make_unique<StringTable>();
}

Instrument::Added Instrument::AddSlots(std::span<const std::string> labels, const double* slots,
                                       const void* thread) {
  const std::lock_guard lock(mutex_);
  if (closed_) return Added::kClosed;
  return AddPart(slots, thread, [&] { return FindOrBegin(labels); });
}

template <typename FindSeries>
Instrument::Added Instrument::AddPart(const double* slots, const void* thread,
                                      FindSeries&& find_series) {
  // First, since it is what can be taken back: a series that was begun cannot.
  if (speaks_again()) places_.insert_or_assign(slots, Place{.series = kNoSeries, .buckets = {}});
  try {
    const uint32_t number = find_series();
    if (number == kNoSeries) {
      places_.erase(slots);
      overflows_->fetch_add(1, std::memory_order_relaxed);
      return Added::kOverflow;
    }
    Series& series = SeriesAt(number);
    series.parts.push_back({slots, thread});
    NoteCompany(series);
    if (speaks_again()) places_.at(slots).series = number;
    return number == kOverflowSeries ? Added::kOverflow : Added::kSeries;
  } catch (...) {
    places_.erase(slots);
    throw;
  }
}

bool Instrument::SetBuckets(const double* slots, const ExponentialSlots& buckets) {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(slots);
  if (found == places_.end()) return false;
  definition_.meaning.Reserve(SeriesAt(found->second.series).folded, buckets);
  found->second.buckets = buckets;
  return true;
}

uint32_t Instrument::FindOrBegin(std::span<const std::string> labels) {
  if (!index_.has_value()) return 0;
  std::vector<uint32_t> key;
  key.reserve(labels.size());
  for (const std::string& label : labels) key.push_back(strings_->Find(label));
  // A string that no series has belongs to none.
  const bool known = std::ranges::find(key, StringTable::kUnknown) == key.end();
  const uint32_t found = known ? index_->Find(key) : SeriesIndex::kNone;
  if (found != SeriesIndex::kNone && !series_[found].ended) return found;
  if (live() >= definition_.max_series) EndAlone();
  if (live() >= definition_.max_series) return kNoSeries;
  if (found != SeriesIndex::kNone) {
    series_[found] = Series(definition_.meaning.Nothing());
    --ended_;
    return found;
  }
  Compact();
  if (index_->size() == SeriesIndex::kMostSeries) return kNoSeries;  // it could not be done
  for (size_t i = 0; i < labels.size(); ++i) key[i] = strings_->Intern(labels[i]);
  series_.emplace_back(definition_.meaning.Nothing());
  try {
    index_->Add(key);
  } catch (...) {
    series_.pop_back();
    throw;
  }
  return index_->size() - 1;
}

Instrument::Added Instrument::AddOverflowSlots(const double* slots, const void* thread) {
  const std::lock_guard lock(mutex_);
  if (closed_) return Added::kClosed;
  return AddPart(slots, thread, [&] {
    if (overflow_ == nullptr) overflow_ = std::make_unique<Series>(definition_.meaning.Nothing());
    return kOverflowSeries;
  });
}

template <typename Visit>
void Instrument::ForEach(Visit&& visit) {
  std::ranges::for_each(series_, visit);
  if (overflow_ != nullptr) visit(*overflow_);
}

void Instrument::Fold(const void* thread) noexcept {
  if (thread == nullptr) return;
  const std::lock_guard lock(mutex_);
  ForEach([&](Series& series) { FoldIn(series, thread); });
}

void Instrument::Close() noexcept {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  ForEach([&](Series& series) { FoldIn(series, nullptr); });
}

void Instrument::WriteLabels(ValueWriter& writer, uint32_t series) const {
  const SeriesIndex::Key key = index_->KeyOf(series);
  writer.Object(key.size());
  for (size_t at = 0; at < key.size(); ++at) {
    writer.Key(definition_.labels[at]);
    writer.String(strings_->Text(key[at]));
  }
}

void Instrument::Write(ValueWriter& writer, std::span<const void* const> left_out) {
  const std::lock_guard lock(mutex_);
  EndAlone();
  if (definition_.observed) {
    WriteObserved(writer, left_out);
    return;
  }
  if (!index_.has_value()) {
    definition_.meaning.Write(writer, TotalOf(series_.front()));
    return;
  }
  const auto write = [&](const Series& series, auto&& write_labels) {
    writer.Object(2);
    writer.Key("labels");
    write_labels();
    writer.Key("value");
    definition_.meaning.Write(writer, TotalOf(series));
  };
  writer.Array(live() + (overflow_ == nullptr ? 0 : 1));
  for (uint32_t i = 0; i < series_.size(); ++i) {
    if (series_[i].ended) continue;
    write(series_[i], [&] { WriteLabels(writer, i); });
  }
  if (overflow_ != nullptr) write(*overflow_, [&] { WriteOverflowLabels(writer); });
}

std::shared_ptr<Instrument> Instrument::Copy() const {
  const std::lock_guard lock(mutex_);
  auto copy = std::make_shared<Instrument>(definition_, overflows_);
  copy->closed_ = true;
  copy->series_.clear();
  for (uint32_t i = 0; i < series_.size(); ++i) {
    if (series_[i].ended) continue;
    copy->series_.emplace_back(TotalOf(series_[i])).begun = series_[i].begun;
    if (!index_.has_value()) continue;
    std::vector<uint32_t> key;
    for (const uint32_t id : index_->KeyOf(i)) {
      key.push_back(copy->strings_->Intern(strings_->Text(id)));
    }
    copy->index_->Add(key);
  }
  if (overflow_ == nullptr) return copy;
  copy->overflow_ = std::make_unique<Series>(TotalOf(*overflow_));
  copy->overflow_->begun = overflow_->begun;
  return copy;
}

}  // namespace metrics_runtime
