#include "core/string_table.h"

#include <bit>

namespace metrics_runtime {

StringTable::StringTable() { (void)Intern(kOverflowValue); }

uint32_t StringTable::Intern(std::string_view value) {
  const std::lock_guard lock(mutex_);
  if (const auto found = ids_.find(value); found != ids_.end()) return found->second;
  const uint32_t id = size_.load(std::memory_order_relaxed);  // only we change it, under the lock
  const auto [chunk, index] = PlaceOf(id);
  if (owned_[chunk] == nullptr) {
    owned_[chunk] = std::make_unique<std::string[]>(size_t{1} << (chunk + kFirstChunkBits));
    chunks_[chunk].store(owned_[chunk].get(), std::memory_order_relaxed);
  }
  // Beyond size_ nobody looks, so what a refusal leaves here is overwritten by the next one.
  owned_[chunk][index] = value;
  ids_.emplace(owned_[chunk][index], id);
  // release: pairs with the acquire in Text.
  size_.store(id + 1, std::memory_order_release);
  return id;
}

uint32_t StringTable::Find(std::string_view value) const {
  const std::lock_guard lock(mutex_);
  const auto found = ids_.find(value);
  return found == ids_.end() ? kUnknown : found->second;
}

std::string_view StringTable::Text(uint32_t id) const noexcept {
  // acquire: pairs with the release in Intern.
  if (id >= size_.load(std::memory_order_acquire)) return kOverflowValue;
  const auto [chunk, index] = PlaceOf(id);
  return chunks_[chunk].load(std::memory_order_relaxed)[index];
}

StringTable::Place StringTable::PlaceOf(uint32_t id) noexcept {
  const uint64_t shifted = uint64_t{id} + (uint64_t{1} << kFirstChunkBits);
  const auto bits = static_cast<uint32_t>(std::bit_width(shifted)) - 1;
  return {bits - kFirstChunkBits, static_cast<size_t>(shifted - (uint64_t{1} << bits))};
}

}  // namespace metrics_runtime
