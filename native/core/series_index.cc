#include "core/series_index.h"

#include <bit>

#include "core/process_secret.h"

namespace metrics_runtime {

namespace {

constexpr size_t kFirstSlots = 16;

}  // namespace

SeriesIndex::SeriesIndex(size_t width)
    : width_(width),
      multiplier_(ProcessSecret()),
      shift_(64 - std::countr_zero(kFirstSlots)),
      slots_(kFirstSlots) {}

// Multiply-shift hashing (Dietzfelbinger et al., 1997): with a secret multiplier, keys that
// somebody chose are as good as random ones.
uint64_t SeriesIndex::HashOf(Key key) const noexcept {
  uint64_t hash = 0;
  for (const uint32_t word : key) {
    hash = (hash ^ (hash >> 32) ^ word) * multiplier_;
  }
  return hash;
}

uint32_t SeriesIndex::Find(Key key) const noexcept {
  const size_t last = slots_.size() - 1;
  const uint64_t hash = HashOf(key);
  const uint32_t tag = TagOf(hash);
  for (size_t slot = FirstSlot(hash);; slot = (slot + 1) & last) {
    const uint32_t entry = slots_[slot];
    if (entry == 0) return kNone;
    if ((entry & ~kSeriesMask) != tag) continue;
    const uint32_t series = (entry & kSeriesMask) - 1;
    if (IsKeyOf(series, key)) return series;
  }
}

bool SeriesIndex::IsKeyOf(uint32_t series, Key key) const noexcept {
  // Keys are a few words long: a call of memcmp, which std::ranges::equal makes, costs more.
  const uint32_t* known = keys_.data() + size_t{series} * width_;
  for (const uint32_t word : key) {
    if (word != *known++) return false;
  }
  return true;
}

void SeriesIndex::Add(Key key) {
  if (2 * (size_t{size_} + 1) > slots_.size()) Grow();
  keys_.insert(keys_.end(), key.begin(), key.end());
  Put(size_++);
}

void SeriesIndex::Put(uint32_t series) noexcept {
  const size_t last = slots_.size() - 1;
  const uint64_t hash = HashOf(KeyOf(series));
  size_t slot = FirstSlot(hash);
  while (slots_[slot] != 0) slot = (slot + 1) & last;
  slots_[slot] = TagOf(hash) | (series + 1);
}

void SeriesIndex::Grow() {
  slots_ = std::vector<uint32_t>(slots_.size() * 2);
  --shift_;
  for (uint32_t series = 0; series < size_; ++series) Put(series);
}

}  // namespace metrics_runtime
