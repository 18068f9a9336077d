// A metric that JavaScript threads write directly, without an event: a counter, a gauge, a
// histogram.
//
// Each JavaScript thread has slots of its own, doubles, for each series that it uses; it alone
// writes there, and this only ever reads. core/slot_meaning.h says what they mean and how those of
// several threads come to one value. What threads that have ended had written stays.
//
// Threads: any; it locks for itself. No lock is taken for an addition to a series that its thread
// knows; one that begins a series or overflows waits for a snapshot that is being written.
//
// Lifetime: slots belong to JavaScript. They are read until Fold or Close was called for their
// thread, or RemoveSlots for them, which happens before their memory ends or is used again.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/aggregation/exponential_slots.h"
#include "core/exposition/label_values.h"
#include "core/exposition/series_copies.h"
#include "core/exposition/wall_clock.h"
#include "core/series_index.h"
#include "core/slot_meaning.h"
#include "core/string_table.h"
#include "core/value_writer.h"

namespace metrics_runtime {

struct InstrumentDefinition {
  std::string name;
  // Equal for two definitions exactly when kind and options are equal.
  std::string fingerprint;
  std::vector<std::string> labels;
  uint32_t max_series = 2000;
  // After so long a series that no thread has slots for ends; 0: never. A thread that still has
  // some says itself when they are idle, by RemoveSlots.
  uint32_t expire_after_ms = 0;
  SlotMeaning meaning;
  // A gauge that its threads set when they are asked to (core/observers.h): series without a value
  // are not there.
  bool observed = false;
  bool monotonic = false;  // a sum that never goes down
  std::string help{};
  std::string unit{};
};

class Instrument {
 public:
  enum class Added { kSeries, kOverflow, kClosed };

  // `overflows` counts the label sets that were refused a series, each time. Throws std::bad_alloc.
  Instrument(InstrumentDefinition definition, std::shared_ptr<std::atomic<uint64_t>> overflows);
  Instrument(const Instrument&) = delete;
  Instrument& operator=(const Instrument&) = delete;

  [[nodiscard]] const InstrumentDefinition& definition() const noexcept { return definition_; }

  // `slots`, as many as the meaning wants, written by the thread that `thread` stands for, count
  // for the series with these label values from now on, in the order of the definition. kOverflow:
  // it is one series too many, and nothing has changed. Throws std::bad_alloc, with nothing
  // changed.
  [[nodiscard]] Added AddSlots(std::span<const std::string> labels, const double* slots,
                               const void* thread);
  // The same for the overflow series.
  [[nodiscard]] Added AddOverflowSlots(const double* slots, const void* thread);
  // For kinds that have buckets: the thread counts in these from now on, as many as the meaning
  // allows, and not in those that belonged to the same slots before; what it had counted there is
  // in these. False: the slots are not read, or not any more. Throws std::bad_alloc, with nothing
  // changed.
  [[nodiscard]] bool SetBuckets(const double* slots, const ExponentialSlots& buckets);
  // Where series expire or are observed: its thread has left the slots alone for so long, or has
  // taken back what it had observed, and they are not read again. What was in them stays, where the
  // meaning says so, unless no other thread has slots for that series: then it ends.
  // False: they are read further on, since a snapshot is just being written, or they are a part of
  // what a gauge combines of several threads.
  [[nodiscard]] bool RemoveSlots(const double* slots) noexcept;
  // Orders what threads set at a gauge: each is greater than those before, and than any that a
  // thread counts for itself as long as it is alone.
  [[nodiscard]] double NextSequence() noexcept {
    return static_cast<double>(last_sequence_.fetch_add(1, std::memory_order_relaxed) + 1);
  }
  // The slots of `thread`, which has ended, are not read again; what was in them stays, where the
  // meaning says so.
  void Fold(const void* thread) noexcept;
  // Those of every thread, and no other will come; what was in them stays.
  void Close() noexcept;

  // A value or, with labels, an array of { labels, value } in order of appearance, the overflow
  // last. Of what is observed, without the parts of the threads that were left out.
  void Write(ValueWriter& writer, std::span<const void* const> left_out = {});
  // With the values of now, and closed. Throws std::bad_alloc.
  [[nodiscard]] std::shared_ptr<Instrument> Copy() const;

  // The series one by one, for an exposition, which is longer on its way than the lock may be held.
  //
  // From here until ReleaseNumbers every series keeps its number and its labels. Returns how many
  // numbers there are; those given later are higher.
  [[nodiscard]] uint32_t HoldNumbers() noexcept;
  void ReleaseNumbers() noexcept;
  // Copies series `first` and those after it, at most so many; without those that have ended or
  // have no value. Throws std::bad_alloc.
  void CopyPoints(SeriesCopies& copies, uint32_t first, uint32_t most,
                  std::span<const void* const> left_out) const;
  // The overflow series, as number kOverflowSeries, if there is one.
  void CopyOverflow(SeriesCopies& copies, std::span<const void* const> left_out) const;
  // Of one that was copied, while the numbers are held; not of the overflow.
  void AddLabels(uint32_t series, LabelValues& values) const noexcept;

  static constexpr uint32_t kOverflowSeries = SeriesIndex::kNone - 1;

 private:
  // What one thread has written for one series.
  struct Part {
    const double* slots;
    const void* thread;
  };
  using Clock = std::chrono::steady_clock;
  struct Series {
    // With room for one part: who begins a series adds to it, and is not to be refused that.
    explicit Series(SlotTotal nothing) : folded(std::move(nothing)) { parts.reserve(1); }

    std::vector<Part> parts;
    SlotTotal folded;  // of threads that have ended
    double begun = WallClockSeconds();
    // Where series expire: no part of a thread that has ended was written to later.
    Clock::time_point written_until{};
    bool alone = false;  // where series expire: without parts, and not ended
    bool ended = false;  // its labels keep its place in the index until Compact
  };

  // What belongs to slots that will be spoken of again.
  struct Place {
    uint32_t series;  // for SeriesAt
    ExponentialSlots buckets;
  };
  static constexpr uint32_t kNoSeries = SeriesIndex::kNone;

  [[nodiscard]] bool expires() const noexcept { return definition_.expire_after_ms != 0; }
  [[nodiscard]] bool speaks_again() const noexcept {
    return expires() || definition_.observed || definition_.meaning.has_buckets();
  }

  // Under mutex_.
  // Ends the series that have been without slots for long enough.
  void EndAlone() noexcept;
  void End(Series& series) noexcept;
  void NoteEndOfThread(Series& series) noexcept;
  void NoteAlone(Series& series) noexcept;
  void NoteCompany(Series& series) noexcept;
  // Forgets those that have ended, once they are many. Refused memory, or while somebody holds the
  // numbers, it tries another time.
  void Compact() noexcept;
  [[nodiscard]] uint32_t live() const noexcept { return index_->size() - ended_; }
  [[nodiscard]] const ExponentialSlots* BucketsOf(const Part& part) const;
  [[nodiscard]] Series& SeriesAt(uint32_t number) {
    return number == kOverflowSeries ? *overflow_ : series_[number];
  }
  [[nodiscard]] Clock::duration Lifetime() const noexcept {
    return std::chrono::milliseconds(definition_.expire_after_ms);
  }
  // `find_series`: the number, or kNoSeries. Throws std::bad_alloc, with nothing changed.
  template <typename FindSeries>
  [[nodiscard]] Added AddPart(const double* slots, const void* thread, FindSeries&& find_series);
  [[nodiscard]] SlotTotal TotalOf(const Series& series,
                                  std::span<const void* const> left_out = {}) const;
  void WriteObserved(ValueWriter& writer, std::span<const void* const> left_out) const;
  void WriteLabels(ValueWriter& writer, uint32_t series) const;
  // nullptr: of every thread, none of which has ended.
  void FoldIn(Series& series, const void* thread) noexcept;
  [[nodiscard]] uint32_t FindOrBegin(std::span<const std::string> labels);
  void CopyPoint(SeriesCopies& copies, uint32_t number, const Series& series,
                 std::span<const void* const> left_out) const;
  template <typename Visit>
  void ForEach(Visit&& visit);

  const InstrumentDefinition definition_;
  const std::shared_ptr<std::atomic<uint64_t>> overflows_;  // relaxed: a number on its own

  static constexpr uint64_t kMostOfOneThread = 1ull << 52;
  std::atomic<uint64_t> last_sequence_{
      kMostOfOneThread};  // any thread; relaxed: it orders itself alone

  mutable std::mutex mutex_;
  bool closed_ = false;
  std::optional<SeriesIndex> index_;  // with labels
  std::unique_ptr<StringTable> strings_;
  std::vector<Series> series_;
  std::unique_ptr<Series> overflow_;
  std::unordered_map<const double*, Place> places_;  // by the slots; empty unless speaks_again()
  uint32_t alone_ = 0;                               // series that are
  Clock::time_point next_end_ = Clock::time_point::max();  // no series that is alone ends before
  uint32_t ended_ = 0;                                     // series
  uint32_t holders_ = 0;                                   // of the series' numbers
};

}  // namespace metrics_runtime
