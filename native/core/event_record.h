// One event as it stands in a ring: a view, valid while the dispatch of that event lasts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/shared_word.h"

namespace metrics_runtime {

class EventRecord {
 public:
  explicit EventRecord(const std::byte* bytes) noexcept : bytes_(bytes) {}

  // relaxed: the acquire of `tail` already ordered the whole record before us. Atomic all the same,
  // because a JavaScript thread that breaks the protocol may be writing here.
  [[nodiscard]] uint32_t U32(uint32_t offset) const noexcept {
    return LoadRelaxed(reinterpret_cast<const uint32_t*>(bytes_ + offset));
  }
  [[nodiscard]] uint64_t U64(uint32_t offset) const noexcept {
    return LoadRelaxed(reinterpret_cast<const uint64_t*>(bytes_ + offset));
  }
  [[nodiscard]] double F64(uint32_t offset) const noexcept {
    return LoadRelaxed(reinterpret_cast<const double*>(bytes_ + offset));
  }

 private:
  const std::byte* bytes_;
};

}  // namespace metrics_runtime
