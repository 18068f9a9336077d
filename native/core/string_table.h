// The label strings of one runtime, each held once, each with a number that stands for it: in
// records, whatever the class and the field, and in the keys of series.
//
// Intern and Find: any thread; they take the table's lock. Text: any thread, without a lock, since
// strings never move and are never dropped. What limits their number are the tables of the label
// fields (core/label_table.h); all of it lives as long as the runtime's memory.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/process_secret.h"

namespace metrics_runtime {

class StringTable {
 public:
  // What every label beyond its field's limit becomes. As real data it joins the overflow too.
  static constexpr std::string_view kOverflowValue = "<overflow>";
  static constexpr uint32_t kOverflowId = 0;
  static constexpr uint32_t kUnknown = 0xffff'ffff;

  // Throws std::bad_alloc.
  StringTable();
  StringTable(const StringTable&) = delete;
  StringTable& operator=(const StringTable&) = delete;

  // The number of `value`, which is copied when it is new. Throws std::bad_alloc, with nothing
  // changed.
  [[nodiscard]] uint32_t Intern(std::string_view value);
  // The number of `value`; kUnknown when it has none.
  [[nodiscard]] uint32_t Find(std::string_view value) const;
  // The string that `id` stands for; kOverflowValue for a number that was never given, which only a
  // JavaScript thread that breaks the protocol can have written.
  [[nodiscard]] std::string_view Text(uint32_t id) const noexcept;

 private:
  // Chunk k holds 64 * 2^k strings, so these are enough for 32-bit numbers.
  static constexpr uint32_t kFirstChunkBits = 6;
  static constexpr size_t kChunks = 33 - kFirstChunkBits;

  struct Place {
    size_t chunk;
    size_t index;
  };
  [[nodiscard]] static Place PlaceOf(uint32_t id) noexcept;

  mutable std::mutex mutex_;
  // Guarded by mutex_. The keys are views of the strings in the chunks.
  std::unordered_map<std::string_view, uint32_t, SecretTextHash> ids_;
  std::array<std::unique_ptr<std::string[]>, kChunks> owned_;

  // Written under mutex_. A chunk is stored (relaxed) before the size that reaches into it, and the
  // size is released after the string is whole; Text acquires the size.
  std::array<std::atomic<const std::string*>, kChunks> chunks_{};
  std::atomic<uint32_t> size_{0};
};

}  // namespace metrics_runtime
