// The label values of one series, in the order of the definition: views of texts that live as long
// as the metric, and the digits of numbers, which live here. Not thread-safe; allocates nothing.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/ring_layout.h"

namespace metrics_runtime {

class LabelValues {
 public:
  void Add(std::string_view text) noexcept { values_[size_++] = text; }
  void Add(uint32_t number) noexcept {
    char* const begin = digits_.data() + digits_used_;
    const auto end = std::to_chars(begin, digits_.data() + digits_.size(), number).ptr;
    digits_used_ += static_cast<size_t>(end - begin);
    Add(std::string_view(begin, end));
  }
  [[nodiscard]] std::span<const std::string_view> values() const noexcept {
    return {values_.data(), size_};
  }

 private:
  static constexpr size_t kMostDigits = 10;

  std::array<std::string_view, RingLayout::kMaxFields> values_{};
  std::array<char, RingLayout::kMaxFields * kMostDigits> digits_{};
  size_t size_ = 0;
  size_t digits_used_ = 0;
};

}  // namespace metrics_runtime
