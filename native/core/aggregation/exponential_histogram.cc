#include "core/aggregation/exponential_histogram.h"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <numeric>
#include <utility>

namespace metrics_runtime {

ExponentialHistogram::Range ExponentialHistogram::Range::With(Range other) const noexcept {
  if (empty()) return other;
  if (other.empty()) return *this;
  return {std::min(first, other.first), std::max(last, other.last)};
}

bool ExponentialHistogram::Buckets::Increment(int32_t index) noexcept {
  // An index below the window wraps around to beyond it.
  const auto slot = static_cast<uint32_t>(index) - static_cast<uint32_t>(base_);
  if (slot >= counts_.size()) return false;
  ++counts_[slot];
  return true;
}

ExponentialHistogram::Range ExponentialHistogram::Buckets::Used() const noexcept {
  const auto in_use = [](uint64_t count) { return count != 0; };
  const auto first = std::find_if(counts_.begin(), counts_.end(), in_use);
  if (first == counts_.end()) return {};
  const auto end = std::find_if(counts_.rbegin(), counts_.rend(), in_use).base();
  return {base_ + static_cast<int32_t>(first - counts_.begin()),
          base_ + static_cast<int32_t>(end - counts_.begin()) - 1};
}

std::vector<uint64_t> ExponentialHistogram::Buckets::RoomFor(Range range, size_t max_size) const {
  if (range.width() <= counts_.size()) return {};
  const size_t doubled = std::max(kFirstSize, 2 * counts_.size());
  return std::vector<uint64_t>(std::min(max_size, std::max(doubled, std::bit_ceil(range.width()))));
}

void ExponentialHistogram::Buckets::Cover(Range range, int by,
                                          std::vector<uint64_t>&& room) noexcept {
  if (by > 0) Downscale(by);
  if (!room.empty()) {
    std::ranges::copy(counts_, room.begin());
    counts_.swap(room);
  }
  const auto size = static_cast<int32_t>(counts_.size());
  if (range.empty() || (range.first >= base_ && range.last - base_ < size)) return;
  // In the middle, so that values which wander to either side seldom come back here. All in use
  // lies within both windows, so going around the end carries nothing but zeros.
  const int32_t base = range.first - (size - static_cast<int32_t>(range.width())) / 2;
  const int32_t forward = (base - base_) % size;
  const int32_t distance = forward < 0 ? forward + size : forward;
  std::rotate(counts_.begin(), counts_.begin() + distance, counts_.end());
  base_ = base;
}

void ExponentialHistogram::Buckets::Downscale(int by) noexcept {
  const int32_t before = std::exchange(base_, base_ >> by);
  for (size_t slot = 0; slot < counts_.size(); ++slot) {
    // Never to the right, so no count is moved twice.
    const uint64_t count = std::exchange(counts_[slot], 0);
    At((before + static_cast<int32_t>(slot)) >> by) += count;
  }
}

uint64_t ExponentialHistogram::Buckets::Total() const noexcept {
  return std::accumulate(counts_.begin(), counts_.end(), uint64_t{0});
}

void ExponentialHistogram::Buckets::Write(ValueWriter& writer) const {
  const Range used = Used();
  writer.Object(2);
  writer.Key("offset");
  writer.Number(static_cast<double>(used.first));
  writer.Key("counts");
  writer.Array(used.width());
  const auto first = counts_.begin() + (used.empty() ? 0 : used.first - base_);
  std::for_each(first, first + static_cast<std::ptrdiff_t>(used.width()),
                [&](uint64_t count) { writer.Number(static_cast<double>(count)); });
}

ExponentialPoint::Side ExponentialHistogram::Buckets::CopyTo(NumberStore& numbers) const {
  const Range used = Used();
  numbers.LookedAt(counts_.size());
  if (used.empty()) return {};
  const auto first = static_cast<size_t>(used.first - base_);
  return {.offset = used.first,
          .counts = numbers.Copy(std::span(counts_).subspan(first, used.width()))};
}

void ExponentialHistogram::Record(double value) {
  if (value == 0) {
    ++zero_count_;
  } else {
    const size_t sign = value > 0 ? kPositive : kNegative;
    const int32_t index = ExponentialIndex(value, scale_);
    if (!buckets_[sign].Increment(index)) [[unlikely]] {
      Ranges ranges{buckets_[kPositive].Used(), buckets_[kNegative].Used()};
      ranges[sign] = ranges[sign].With({index, index});
      Cover(ranges, 0, {max_size_, max_size_});
      (void)buckets_[sign].Increment(ExponentialIndex(value, scale_));
    }
  }
  summary_.Record(value);
}

template <typename CountAt>
void ExponentialHistogram::Add(int scale, const Ranges& used, Sizes most, CountAt&& count_at) {
  const int finer_here = std::max(0, scale_ - scale);
  const int finer_there = std::max(0, scale - scale_);
  Ranges ranges;
  for (const size_t sign : {kPositive, kNegative}) {
    const Range there = used[sign].Downscaled(finer_there);
    ranges[sign] = buckets_[sign].Used().Downscaled(finer_here).With(there);
  }
  Cover(ranges, finer_here, most);
  for (const size_t sign : {kPositive, kNegative}) {
    for (int32_t index = used[sign].first; index <= used[sign].last; ++index) {
      buckets_[sign].At(index >> (scale - scale_)) += count_at(sign, index);
    }
  }
}

void ExponentialHistogram::Merge(const ExponentialHistogram& other) {
  const Ranges used{other.buckets_[kPositive].Used(), other.buckets_[kNegative].Used()};
  Add(other.scale_, used, {max_size_, max_size_},
      [&](size_t sign, int32_t index) { return std::as_const(other.buckets_[sign]).At(index); });
  MergeSummary(other.zero_count_, other.summary_);
}

uint64_t ExponentialHistogram::MergeCounts(const ExponentialSlots& slots) {
  return MergeCounts(slots, {max_size_, max_size_});
}

uint64_t ExponentialHistogram::MergeCountsInPlace(const ExponentialSlots& slots) noexcept {
  return MergeCounts(slots, {buckets_[kPositive].size(), buckets_[kNegative].size()});
}

uint64_t ExponentialHistogram::MergeCounts(const ExponentialSlots& slots, Sizes most) {
  const auto count_at = [&](size_t sign, int32_t index) {
    const ExponentialSlots::Side& side = slots.sides[sign];
    return LoadCount(side.counts + (index - side.first));
  };
  const auto used_of = [&](size_t sign) {
    const ExponentialSlots::Side& side = slots.sides[sign];
    Range used{side.first, side.first + static_cast<int32_t>(side.size) - 1};
    while (!used.empty() && count_at(sign, used.last) == 0) --used.last;
    while (!used.empty() && count_at(sign, used.first) == 0) ++used.first;
    return used.empty() ? Range{} : used;
  };
  uint64_t sum = 0;
  const Ranges used{used_of(kPositive), used_of(kNegative)};
  Add(slots.scale, used, most, [&](size_t sign, int32_t index) {
    const uint64_t count = count_at(sign, index);
    sum += count;
    return count;
  });
  return sum;
}

void ExponentialHistogram::Reserve(const ExponentialSlots& slots) {
  for (const size_t sign : {kPositive, kNegative}) {
    if (slots.sides[sign].size > 0) buckets_[sign].Reserve();
  }
}

void ExponentialHistogram::Cover(Ranges ranges, int by, Sizes most) {
  while (ranges[kPositive].width() > most[kPositive] ||
         ranges[kNegative].width() > most[kNegative]) {
    for (Range& range : ranges) range = range.Downscaled(1);
    ++by;
  }
  std::array room{buckets_[kPositive].RoomFor(ranges[kPositive], most[kPositive]),
                  buckets_[kNegative].RoomFor(ranges[kNegative], most[kNegative])};
  // From here on nothing throws.
  for (const size_t sign : {kPositive, kNegative}) {
    buckets_[sign].Cover(ranges[sign], by, std::move(room[sign]));
  }
  scale_ -= by;
}

void ExponentialHistogram::Write(ValueWriter& writer, double sum) const {
  const uint64_t count = zero_count_ + buckets_[kPositive].Total() + buckets_[kNegative].Total();
  writer.Object(8);
  writer.Key("scale");
  writer.Number(static_cast<double>(scale_));
  writer.Key("zeroCount");
  writer.Number(static_cast<double>(zero_count_));
  writer.Key("positive");
  buckets_[kPositive].Write(writer);
  writer.Key("negative");
  buckets_[kNegative].Write(writer);
  ValueSummary summary = summary_;
  summary.sum = sum;
  summary.Write(writer, count);
}

ExponentialPoint ExponentialHistogram::CopyTo(NumberStore& numbers, double sum) const {
  return {.scale = scale_,
          .has_negative = summary_.has_negative(),
          .zero_count = static_cast<double>(zero_count_),
          .positive = buckets_[kPositive].CopyTo(numbers),
          .negative = buckets_[kNegative].CopyTo(numbers),
          .sum = sum};
}

}  // namespace metrics_runtime
