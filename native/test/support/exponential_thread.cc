#include "support/exponential_thread.h"

#include <algorithm>
#include <limits>

#include "core/aggregation/exponential_index.h"

namespace metrics_runtime::test {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

ExponentialThread::ExponentialThread(uint32_t max_size, const std::vector<double>& values,
                                     int32_t spare)
    : slots_{0, kInfinity, -kInfinity, 0} {
  std::array<std::vector<double>, 2> by_sign;
  for (const double value : values) {
    slots_[0] += value;
    slots_[1] = std::min(slots_[1], value);
    slots_[2] = std::max(slots_[2], value);
    if (value == 0) {
      ++slots_[3];
    } else {
      by_sign[value > 0 ? 0 : 1].push_back(value);
    }
  }
  const auto index = [&](double value) { return ExponentialIndex(value, buckets_.scale); };
  const auto ends = [&](const std::vector<double>& some) {
    const auto [least, greatest] = std::ranges::minmax(some, {}, index);
    return std::pair(index(least), index(greatest));
  };
  const auto fits = [&](const std::vector<double>& some) {
    if (some.empty()) return true;
    const auto [first, last] = ends(some);
    return last - first < static_cast<int32_t>(max_size);
  };
  while (!fits(by_sign[0]) || !fits(by_sign[1])) --buckets_.scale;
  for (size_t sign = 0; sign < by_sign.size(); ++sign) {
    if (by_sign[sign].empty()) continue;
    const auto [first, last] = ends(by_sign[sign]);
    const int32_t most = static_cast<int32_t>(max_size) - (last - first + 1);
    const int32_t beside = std::min(spare, most / 2);
    counts_[sign].resize(static_cast<size_t>(last - first + 1 + 2 * beside));
    for (const double value : by_sign[sign]) {
      ++counts_[sign][static_cast<size_t>(index(value) - first + beside)];
    }
    buckets_.sides[sign] = {.first = first - beside,
                            .size = static_cast<uint32_t>(counts_[sign].size()),
                            .counts = counts_[sign].data()};
  }
}

}  // namespace metrics_runtime::test
