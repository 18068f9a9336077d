// Instrument: series that end.
#include <algorithm>
#include <utility>
#include <vector>

#include "core/instrument.h"

namespace metrics_runtime {

bool Instrument::RemoveSlots(const double* slots) noexcept {
  // Not while a snapshot is written, which can take long: it is tried again.
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return false;
  const auto found = places_.find(slots);
  if (found == places_.end()) return true;
  if (!index_.has_value() || found->second.series == kOverflowSeries) return false;
  Series& series = series_[found->second.series];
  const SlotMeaning& meaning = definition_.meaning;
  // What is combined of those that live would be another value without it.
  if (expires() && !meaning.outlives_its_thread() && series.parts.size() > 1) return false;
  if (meaning.outlives_its_thread()) meaning.Fold(series.folded, slots, &found->second.buckets);
  std::erase_if(series.parts, [slots](const Part& part) { return part.slots == slots; });
  places_.erase(found);
  if (!series.parts.empty()) return true;
  if (definition_.observed) {
    if (!SlotMeaning::IsSet(series.folded)) End(series);
  } else if (series.written_until + Lifetime() <= Clock::now()) {
    End(series);
  } else {
    NoteAlone(series);
  }
  return true;
}

void Instrument::NoteEndOfThread(Series& series) noexcept {
  if (series.ended || &series == overflow_.get() || !index_.has_value()) return;
  if (expires()) {
    series.written_until = Clock::now();
    if (series.parts.empty()) NoteAlone(series);
  } else if (definition_.observed && series.parts.empty() && !SlotMeaning::IsSet(series.folded)) {
    End(series);
  }
}

void Instrument::NoteAlone(Series& series) noexcept {
  if (std::exchange(series.alone, true)) return;
  ++alone_;
  next_end_ = std::min(next_end_, series.written_until + Lifetime());
}

void Instrument::NoteCompany(Series& series) noexcept {
  if (std::exchange(series.alone, false)) --alone_;
}

void Instrument::End(Series& series) noexcept {
  NoteCompany(series);
  series.ended = true;
  ++ended_;
}

void Instrument::EndAlone() noexcept {
  const Clock::time_point now = Clock::now();
  if (alone_ == 0 || closed_ || now < next_end_) return;
  next_end_ = Clock::time_point::max();
  for (Series& series : series_) {
    if (!series.alone) continue;
    const Clock::time_point end = series.written_until + Lifetime();
    if (end <= now) {
      End(series);
    } else {
      next_end_ = std::min(next_end_, end);
    }
  }
}

void Instrument::Compact() noexcept {
  if (holders_ > 0) return;
  constexpr uint32_t kMany = 64;
  constexpr uint32_t kShareOfFull = 16;
  const bool full = index_->size() == SeriesIndex::kMostSeries;
  if (ended_ < std::max(kMany, full ? live() / kShareOfFull : live())) return;
  try {
    SeriesIndex index(definition_.labels.size());
    auto strings = std::make_unique<StringTable>();
    std::vector<uint32_t> numbers(series_.size(), kNoSeries);
    for (uint32_t i = 0; i < series_.size(); ++i) {
      if (series_[i].ended) continue;
      std::vector<uint32_t> key;
      for (const uint32_t id : index_->KeyOf(i)) key.push_back(strings->Intern(strings_->Text(id)));
      numbers[i] = index.size();
      index.Add(key);
    }
    // From here on nothing throws.
    index_.emplace(std::move(index));
    strings_ = std::move(strings);
    std::erase_if(series_, [](const Series& series) { return series.ended; });
    ended_ = 0;
    for (auto& [slots, place] : places_) {
      if (place.series < numbers.size()) place.series = numbers[place.series];
    }
  } catch (...) {
    return;
  }
}

}  // namespace metrics_runtime
