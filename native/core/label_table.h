// The values that one label field may take: those it has taken, up to its limit, and those that
// metric definitions name.
//
// Thread-safe: every member takes the table's own lock, and inside it that of the strings. Never
// used per event: a JavaScript thread asks once for each value it sees and remembers the answer.
#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/string_table.h"

namespace metrics_runtime {

class LabelTable {
 public:
  // `strings` outlives the table.
  LabelTable(StringTable& strings, uint32_t max_values)
      : strings_(strings), max_values_(max_values) {}
  LabelTable(const LabelTable&) = delete;
  LabelTable& operator=(const LabelTable&) = delete;

  // The number of `value`, which is remembered when it is new; StringTable::kOverflowId once
  // `max_values` values are known and this is not one of them. Throws std::bad_alloc.
  [[nodiscard]] uint32_t Intern(std::string_view value);

  // As Intern, but beyond the limit too: for values that metric definitions name, whose number is
  // bounded by the program text. `where: { backend: "s3" }` must match however late it comes.
  [[nodiscard]] uint32_t InternNamed(std::string_view value);

  [[nodiscard]] bool full() const;
  // The numbers of all known values.
  [[nodiscard]] std::vector<uint32_t> ids() const;

 private:
  StringTable& strings_;
  const uint32_t max_values_;
  mutable std::mutex mutex_;
  std::unordered_set<uint32_t> known_;
  uint32_t counted_ = 0;  // values that count against the limit
};

}  // namespace metrics_runtime
