// From the combination of labels of an event to the number of its series: an open-addressing hash
// table over keys of a fixed number of 32-bit words, at most kMostSeries. Numbers are given in
// order of appearance.
//
// Memory: 4 bytes for each word of each key, and 8 to 16 bytes of slots for each series (both grow
// by doubling). It grows with the series, to at most `max_series`. Threads: as the aggregations,
// one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace metrics_runtime {

class SeriesIndex {
 public:
  using Key = std::span<const uint32_t>;

  static constexpr uint32_t kNone = 0xffff'ffff;
  static constexpr uint32_t kMostSeries = 1u << 20;

  // Keys of `width` words, at least one. Throws std::bad_alloc.
  explicit SeriesIndex(size_t width);

  // The series of `key`; kNone when it has none.
  [[nodiscard]] uint32_t Find(Key key) const noexcept;
  // Gives `key`, which has none, the next number: size(), less than kMostSeries before. Throws
  // std::bad_alloc, with nothing changed.
  void Add(Key key);

  [[nodiscard]] uint32_t size() const noexcept { return size_; }
  [[nodiscard]] Key KeyOf(uint32_t series) const noexcept {
    return {keys_.data() + size_t{series} * width_, width_};
  }
  [[nodiscard]] size_t heap_bytes() const noexcept {
    return (keys_.capacity() + slots_.capacity()) * sizeof(uint32_t);
  }

 private:
  // A slot holds a series + 1 in its low bits, 0 where it is free, and above them some bits of the
  // key's hash: so a look at the key itself is nearly always a look at the right one.
  static constexpr int kSeriesBits = 21;
  static constexpr uint32_t kSeriesMask = (1u << kSeriesBits) - 1;
  static_assert(kMostSeries <= kSeriesMask);

  [[nodiscard]] uint64_t HashOf(Key key) const noexcept;
  [[nodiscard]] static uint32_t TagOf(uint64_t hash) noexcept {
    return static_cast<uint32_t>(hash) & ~kSeriesMask;
  }
  [[nodiscard]] size_t FirstSlot(uint64_t hash) const noexcept {
    return static_cast<size_t>(hash >> shift_);
  }
  [[nodiscard]] bool IsKeyOf(uint32_t series, Key key) const noexcept;
  void Put(uint32_t series) noexcept;
  void Grow();

  const size_t width_;
  const uint64_t multiplier_;
  uint32_t size_ = 0;
  int shift_;                    // 64 - log2 of the number of slots
  std::vector<uint32_t> keys_;   // width_ words for each series
  std::vector<uint32_t> slots_;  // a power of two, at most half in use
};

}  // namespace metrics_runtime
