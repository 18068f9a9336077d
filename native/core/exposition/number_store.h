// The numbers of many points, copied: they stay where they are until all of them go, wherever the
// store itself is moved. Its memory is less than three times what they are, and none before the
// first. Not thread-safe; throws std::bad_alloc.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace metrics_runtime {

class NumberStore {
 public:
  // `size` numbers, not initialised, one after the other.
  [[nodiscard]] std::span<double> Add(size_t size) {
    if (size > left_) {
      // As many as there are: most have few, and those that have many seldom come here.
      const size_t room = std::max(size, std::min(size_, kMostAtOnce));
      chunks_.push_back(std::make_unique_for_overwrite<double[]>(room));
      next_ = chunks_.back().get();
      left_ = room;
    }
    left_ -= size;
    size_ += size;
    return {std::exchange(next_, next_ + size), size};
  }
  // A copy of `values`, each made a double.
  template <typename Values>
  [[nodiscard]] std::span<const double> Copy(const Values& values) {
    const std::span<double> copied = Add(values.size());
    LookedAt(values.size());
    std::ranges::transform(values, copied.begin(),
                           [](auto value) { return static_cast<double>(value); });
    return copied;
  }

  [[nodiscard]] size_t size() const noexcept { return size_; }

  // What the copying cost: how many numbers were looked at for it, as those who copy tell.
  void LookedAt(size_t numbers) noexcept { looked_at_ += numbers; }
  [[nodiscard]] size_t looked_at() const noexcept { return looked_at_; }

 private:
  static constexpr size_t kMostAtOnce = 8192;

  std::vector<std::unique_ptr<double[]>> chunks_;
  double* next_ = nullptr;  // in the last of them
  size_t left_ = 0;
  size_t size_ = 0;
  size_t looked_at_ = 0;
};

}  // namespace metrics_runtime
