// The values one label field has taken, each with a small number that records carry in its place.
//
// Thread-safe: every member takes the table's own lock. Never used per event: a JavaScript thread
// asks once for each value it sees and remembers the answer.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace metrics_runtime {

class LabelTable {
 public:
  // What every value beyond the limit becomes. As real data it joins the overflow too.
  static constexpr std::string_view kOverflowValue = "<overflow>";
  static constexpr uint32_t kOverflowId = 0;

  explicit LabelTable(uint32_t max_values) : max_values_(max_values) {}
  LabelTable(const LabelTable&) = delete;
  LabelTable& operator=(const LabelTable&) = delete;

  // The number of `value`, which is copied when it is new; kOverflowId once `max_values` values
  // are known and this is not one of them.
  [[nodiscard]] uint32_t Intern(std::string_view value);

  // As Intern, but beyond the limit too: for values that metric definitions name, whose number is
  // bounded by the program text. `where: { backend: "s3" }` must match however late it comes.
  [[nodiscard]] uint32_t InternNamed(std::string_view value);

  [[nodiscard]] bool full() const;
  [[nodiscard]] std::deque<std::string> values() const;

 private:
  uint32_t Add(std::string_view value);

  const uint32_t max_values_;
  mutable std::mutex mutex_;
  std::deque<std::string> values_;  // values_[id - 1]; a deque, so the keys below stay valid
  std::unordered_map<std::string_view, uint32_t> ids_;
  uint32_t counted_ = 0;  // values that count against the limit
};

}  // namespace metrics_runtime
