#include "core/aggregation/distinct_count.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "core/process_secret.h"

namespace metrics_runtime {

namespace {

// A coupon: the first 26 bits of the hash, the index, then the rank of the other 38 in 6 bits.
constexpr int kIndexBits = 26;
constexpr int kRankBits = 6;
constexpr uint32_t kRankMask = (1u << kRankBits) - 1;

constexpr int kRegisterBits = 12;
constexpr size_t kRegisters = size_t{1} << kRegisterBits;
constexpr size_t kMostRank = 64 - kRegisterBits + 1;

constexpr size_t kLeastSlots = 16;
constexpr size_t kMostCoupons = 768;  // three quarters of the 1024 slots in 4096 bytes

// The position, from 1, of the first 1 among the first `size` bits, size + 1 if there is none.
uint32_t RankOf(uint64_t bits, int size) {
  return static_cast<uint32_t>(std::min(std::countl_zero(bits), size) + 1);
}

uint32_t CouponOf(uint64_t hash) {
  const auto index = static_cast<uint32_t>(hash >> (64 - kIndexBits));
  return index << kRankBits | RankOf(hash << kIndexBits, 64 - kIndexBits);
}

// sigma(x) = x + sum of x^(2^k) * 2^(k-1) and
// tau(x) = (1 - x - sum of (1 - x^(2^-k))^2 * 2^-k) / 3, over k = 1, 2, … until the sum no longer
// changes (Ertl, arXiv:1702.01284). They stand for the registers that are still 0, sigma, and for
// those at the highest rank, tau, where the raw estimator alone is biased.
double Sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double power = x;
  double weight = 1;
  double sum = x;
  for (double before = -1; sum != before; weight *= 2) {
    before = sum;
    power *= power;
    sum += power * weight;
  }
  return sum;
}

double Tau(double x) {
  if (x == 0 || x == 1) return 0;
  double root = x;
  double weight = 0.5;
  double sum = 1 - x;
  for (double before = -1; sum != before; weight /= 2) {
    before = sum;
    root = std::sqrt(root);
    sum -= (1 - root) * (1 - root) * weight;
  }
  return sum / 3;
}

}  // namespace

void DistinctCount::Record(uint64_t hash) { Insert(CouponOf(hash)); }

void DistinctCount::Merge(const DistinctCount& other) {
  if (!dense() && other.coupons_ > 0) {
    // One of many coupons could need memory that is refused, hence the copy.
    DistinctCount merged = *this;
    for (const uint32_t coupon : other.slots_) {
      if (coupon != 0) merged.Insert(coupon);
    }
    *this = std::move(merged);
    return;
  }
  if (other.dense() && !dense()) MakeDense();
  for (const uint32_t coupon : other.slots_) {
    if (coupon != 0) RaiseRegister(coupon);
  }
  if (!other.dense()) return;
  std::ranges::transform(registers_, other.registers_, registers_.begin(),
                         [](uint8_t a, uint8_t b) { return std::max(a, b); });
}

void DistinctCount::Write(ValueWriter& writer) const { writer.Number(value()); }

double DistinctCount::Estimate() const noexcept {
  if (dense()) return DenseEstimate();
  constexpr double kIndexes = 1u << kIndexBits;
  return -kIndexes * std::log1p(-(coupons_ / kIndexes));
}

size_t DistinctCount::heap_bytes() const noexcept {
  return slots_.capacity() * sizeof(uint32_t) + registers_.capacity();
}

void DistinctCount::Insert(uint32_t coupon) {
  if (dense()) return RaiseRegister(coupon);
  if (slots_.empty()) slots_.resize(kLeastSlots);
  uint32_t* slot = &SlotOf(coupon);
  if (*slot != 0) {
    *slot = std::max(*slot, coupon);  // the index is the same, so the higher rank
    return;
  }
  if (coupons_ == kMostCoupons) {
    MakeDense();
    return RaiseRegister(coupon);
  }
  if (size_t{coupons_ + 1} * 4 > slots_.size() * 3) {
    GrowSlots();
    slot = &SlotOf(coupon);
  }
  *slot = coupon;
  ++coupons_;
}

uint32_t& DistinctCount::SlotOf(uint32_t coupon) noexcept {
  const size_t mask = slots_.size() - 1;
  // Multiplied, because the index is bits of a hash that everybody knows.
  size_t at = static_cast<size_t>((coupon >> kRankBits) * ProcessSecret() >> 32) & mask;
  while (slots_[at] != 0 && (slots_[at] ^ coupon) > kRankMask) at = (at + 1) & mask;
  return slots_[at];
}

void DistinctCount::GrowSlots() {
  std::vector<uint32_t> before(slots_.size() * 2);
  slots_.swap(before);
  for (const uint32_t coupon : before) {
    if (coupon != 0) SlotOf(coupon) = coupon;
  }
}

void DistinctCount::MakeDense() {
  registers_.resize(kRegisters);
  for (const uint32_t coupon : std::exchange(slots_, {})) {
    if (coupon != 0) RaiseRegister(coupon);
  }
  coupons_ = 0;
}

void DistinctCount::RaiseRegister(uint32_t coupon) noexcept {
  constexpr int kBetween = kIndexBits - kRegisterBits;  // bits of the index that count for the rank
  uint32_t rank = RankOf(static_cast<uint64_t>(coupon) << (32 + kRegisterBits), kBetween);
  if (rank > kBetween) rank = kBetween + (coupon & kRankMask);
  uint8_t& highest = registers_[coupon >> (32 - kRegisterBits)];
  highest = std::max(highest, static_cast<uint8_t>(rank));
}

double DistinctCount::DenseEstimate() const noexcept {
  std::array<uint32_t, kMostRank + 1> registers_of_rank{};
  for (const uint8_t rank : registers_) ++registers_of_rank[rank];
  constexpr double kAll = kRegisters;
  double sum = kAll * Tau(1 - registers_of_rank[kMostRank] / kAll);
  for (size_t rank = kMostRank - 1; rank >= 1; --rank) sum = (sum + registers_of_rank[rank]) / 2;
  sum += kAll * Sigma(registers_of_rank[0] / kAll);
  return kAll * kAll / (2 * std::numbers::ln2 * sum);
}

}  // namespace metrics_runtime
