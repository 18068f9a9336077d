#include "core/instrument.h"

#include <algorithm>
#include <utility>

#include "core/series_labels.h"

namespace metrics_runtime {

const ExponentialSlots* Instrument::BucketsOf(const Part& part) const {
  const auto found = buckets_.find(part.slots);
  return found == buckets_.end() ? nullptr : &found->second.slots;
}

SlotTotal Instrument::TotalOf(const Series& series) const {
  SlotTotal total = series.folded;
  for (const Part& part : series.parts) {
    definition_.meaning.Add(total, part.slots, BucketsOf(part));
  }
  return total;
}

void Instrument::FoldIn(Series& series, const void* thread) noexcept {
  std::erase_if(series.parts, [&](const Part& part) {
    if (thread != nullptr && part.thread != thread) return false;
    if (thread == nullptr || definition_.meaning.outlives_its_thread()) {
      // Throws nothing: SetBuckets has reserved the room.
      definition_.meaning.Add(series.folded, part.slots, BucketsOf(part));
    }
    buckets_.erase(part.slots);
    return true;
  });
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
  const uint32_t series = FindOrBegin(labels);
  if (series == SeriesIndex::kNone) {
    overflows_->fetch_add(1, std::memory_order_relaxed);
    return Added::kOverflow;
  }
  AddPart(series, slots, thread);
  return Added::kSeries;
}

void Instrument::AddPart(uint32_t series, const double* slots, const void* thread) {
  std::vector<Part>& parts = series == kOverflowSeries ? overflow_->parts : series_[series].parts;
  parts.push_back({slots, thread});
  if (!definition_.meaning.has_buckets()) return;
  try {
    buckets_.insert_or_assign(slots, Buckets{.series = series, .slots = {}});
  } catch (...) {
    parts.pop_back();
    throw;
  }
}

bool Instrument::SetBuckets(const double* slots, const ExponentialSlots& buckets) {
  const std::lock_guard lock(mutex_);
  const auto found = buckets_.find(slots);
  if (found == buckets_.end()) return false;
  const uint32_t series = found->second.series;
  SlotTotal& folded = series == kOverflowSeries ? overflow_->folded : series_[series].folded;
  definition_.meaning.Reserve(folded, buckets);
  found->second.slots = buckets;
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
  if (found != SeriesIndex::kNone || index_->size() >= definition_.max_series) return found;
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
  if (overflow_ == nullptr) overflow_ = std::make_unique<Series>(definition_.meaning.Nothing());
  AddPart(kOverflowSeries, slots, thread);
  return Added::kOverflow;
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

void Instrument::Write(ValueWriter& writer) const {
  const std::lock_guard lock(mutex_);
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
  writer.Array(series_.size() + (overflow_ == nullptr ? 0 : 1));
  for (uint32_t i = 0; i < series_.size(); ++i) {
    write(series_[i], [&] {
      const SeriesIndex::Key key = index_->KeyOf(i);
      writer.Object(key.size());
      for (size_t at = 0; at < key.size(); ++at) {
        writer.Key(definition_.labels[at]);
        writer.String(strings_->Text(key[at]));
      }
    });
  }
  if (overflow_ != nullptr) write(*overflow_, [&] { WriteOverflowLabels(writer); });
}

std::shared_ptr<Instrument> Instrument::Copy() const {
  const std::lock_guard lock(mutex_);
  auto copy = std::make_shared<Instrument>(definition_, overflows_);
  copy->closed_ = true;
  copy->series_.clear();
  for (uint32_t i = 0; i < series_.size(); ++i) {
    copy->series_.emplace_back(TotalOf(series_[i]));
    if (!index_.has_value()) continue;
    std::vector<uint32_t> key;
    for (const uint32_t id : index_->KeyOf(i)) {
      key.push_back(copy->strings_->Intern(strings_->Text(id)));
    }
    copy->index_->Add(key);
  }
  if (overflow_ == nullptr) return copy;
  copy->overflow_ = std::make_unique<Series>(TotalOf(*overflow_));
  return copy;
}

}  // namespace metrics_runtime
