// Bytes that are appended to and taken from the front, in chunks of their own, so that growing
// never copies what is there. Not thread-safe; throws std::bad_alloc: Append may then have appended
// a part, Reserve has changed nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace metrics_runtime {

class ByteChunks {
 public:
  static constexpr size_t kChunkBytes = size_t{64} << 10;

  [[nodiscard]] size_t size() const noexcept { return size_; }

  // Room for `most` contiguous bytes, of which Commit keeps the first ones. most <= kChunkBytes.
  [[nodiscard]] char* Reserve(size_t most) {
    if (chunks_.empty() || kChunkBytes - chunks_.back().end < most) Grow();
    return chunks_.back().bytes.get() + chunks_.back().end;
  }
  void Commit(size_t bytes) noexcept {
    chunks_.back().end += bytes;
    size_ += bytes;
  }
  void Append(std::string_view bytes) {
    while (!bytes.empty()) {
      if (chunks_.empty() || chunks_.back().end == kChunkBytes) Grow();
      const size_t fits = std::min(bytes.size(), kChunkBytes - chunks_.back().end);
      std::memcpy(chunks_.back().bytes.get() + chunks_.back().end, bytes.data(), fits);
      Commit(fits);
      bytes.remove_prefix(fits);
    }
  }
  // Takes all that `other` has; what is long without copying it.
  void Append(ByteChunks&& other) {
    if (other.size_ <= kLeastMoved) {
      for (; other.size_ > 0; other.DropFront(other.Front().size())) {
        Append(std::string_view(other.Front().data(), other.Front().size()));
      }
      return;
    }
    // No empty chunk among those that have something.
    if (!chunks_.empty() && chunks_.back().end == 0) chunks_.pop_back();
    for (; other.size_ > 0; other.chunks_.pop_front()) {
      chunks_.push_back(std::move(other.chunks_.front()));
      const size_t moved = chunks_.back().end - chunks_.back().begin;
      size_ += moved;
      other.size_ -= moved;
    }
  }

  // Some of the first bytes; empty when there are none.
  [[nodiscard]] std::span<const char> Front() const noexcept {
    if (chunks_.empty()) return {};
    const Chunk& chunk = chunks_.front();
    return {chunk.bytes.get() + chunk.begin, chunk.end - chunk.begin};
  }
  // Drops `bytes` of Front().
  void DropFront(size_t bytes) noexcept {
    Chunk& chunk = chunks_.front();
    chunk.begin += bytes;
    size_ -= bytes;
    if (chunk.begin == chunk.end) chunks_.pop_front();
  }

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    size_t begin = 0;
    size_t end = 0;
  };

  static constexpr size_t kLeastMoved = kChunkBytes / 4;

  void Grow() { chunks_.push_back({.bytes = std::make_unique_for_overwrite<char[]>(kChunkBytes)}); }

  std::deque<Chunk> chunks_;
  size_t size_ = 0;
};

}  // namespace metrics_runtime
