#include "core/aggregation/distinct_count.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support/distinct_keys.h"
#include "support/refused_memory.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

const AggregationOptions kOptions{};

// The keys first … last - 1.
DistinctCount CountOf(uint64_t seed, uint64_t first, uint64_t last) {
  DistinctCount count(kOptions);
  for (uint64_t key = first; key < last; ++key) count.Record(HashOf(seed, key));
  return count;
}

// The registers and coupons cannot be seen. If they differ the estimates do, but for a chance.
bool Same(const DistinctCount& a, const DistinctCount& b) {
  return a.Estimate() == b.Estimate() && a.heap_bytes() == b.heap_bytes();
}

}  // namespace

TEST_CASE("distinct count: is 0 while it is empty and then takes no memory") {
  const DistinctCount count(kOptions);
  CHECK(TextOf(count) == "0");
  CHECK(count.Estimate() == 0);
  CHECK(count.heap_bytes() == 0);
}

TEST_CASE("distinct count: small counts are exact") {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    DistinctCount count(kOptions);
    for (uint64_t n = 1; n <= 768; ++n) {
      count.Record(HashOf(seed, n));
      CAPTURE(seed);
      CHECK(TextOf(count) == std::to_string(n));
    }
  }
}

TEST_CASE("distinct count: memory doubles with the keys up to 4096 bytes") {
  const std::vector<std::pair<uint64_t, size_t>> bytes_of_keys = {
      {1, 64},     {12, 64},    {13, 128},   {24, 128},   {25, 256},   {49, 512},   {97, 1024},
      {193, 2048}, {384, 2048}, {385, 4096}, {768, 4096}, {769, 4096}, {769, 4096}, {10'000, 4096}};
  for (const auto& [keys, bytes] : bytes_of_keys) {
    CAPTURE(keys);
    CHECK(CountOf(1, 0, keys).heap_bytes() == bytes);
  }
}

TEST_CASE("distinct count: a key counts once") {
  for (const uint64_t keys : {1u, 12u, 13u, 500u, 768u, 769u, 20'000u}) {
    CAPTURE(keys);
    const DistinctCount once = CountOf(1, 0, keys);
    DistinctCount often = CountOf(1, 0, keys);
    for (uint64_t i = 0; i < 3 * keys; ++i) often.Record(HashOf(1, i * i % keys));
    CHECK(Same(often, once));
  }
}

TEST_CASE("distinct count: the order of the keys changes nothing") {
  for (const uint64_t keys : {2u, 300u, 768u, 769u, 770u, 900u, 20'000u}) {
    CAPTURE(keys);
    std::vector<uint64_t> order(keys);
    std::iota(order.begin(), order.end(), uint64_t{0});
    for (uint64_t shuffle = 1; shuffle <= 5; ++shuffle) {
      std::ranges::shuffle(order, std::mt19937_64(shuffle));
      DistinctCount count(kOptions);
      for (const uint64_t key : order) count.Record(HashOf(1, key));
      CHECK(Same(count, CountOf(1, 0, keys)));
    }
  }
}

// All of these have the first 26 bits in common, so they are one coupon, whose rank a register
// needs.
TEST_CASE("distinct count: of hashes alike in their first bits the highest rank is kept") {
  const std::vector<uint64_t> alike = {0x3fffffffff, 0x1, 0x0, 0xff, 0x8000000};
  DistinctCount last_is_highest(kOptions);
  DistinctCount first_is_highest(kOptions);
  last_is_highest.Record(alike[0]);
  for (const uint64_t hash : alike) first_is_highest.Record(hash);
  CHECK(TextOf(first_is_highest) == "1");
  for (uint64_t key = 0; key < 5000; ++key) {
    last_is_highest.Record(HashOf(1, key));
    first_is_highest.Record(HashOf(1, key));
  }
  CHECK(last_is_highest.Estimate() != first_is_highest.Estimate());
  for (const uint64_t hash : alike) last_is_highest.Record(hash);
  CHECK(Same(last_is_highest, first_is_highest));
}

TEST_CASE("distinct count: the merge of parts equals the whole in each form") {
  // Parts first … last - 1, with and without common keys; sparse and dense to either side.
  struct Case {
    uint64_t first_end, second_begin, second_end;
  };
  for (const Case& c :
       {Case{0, 0, 0}, Case{0, 0, 5}, Case{5, 0, 0}, Case{5, 3, 9}, Case{300, 100, 500},
        Case{384, 384, 768}, Case{384, 384, 769}, Case{768, 0, 768}, Case{768, 768, 1536},
        Case{0, 0, 5000}, Case{100, 50, 5000}, Case{768, 768, 5000}, Case{5000, 4900, 5100},
        Case{5000, 5000, 5768}, Case{5000, 0, 0}, Case{5000, 5000, 90'000},
        Case{90'000, 100, 5000}}) {
    CAPTURE(c.first_end);
    CAPTURE(c.second_begin);
    CAPTURE(c.second_end);
    const DistinctCount first = CountOf(1, 0, c.first_end);
    const DistinctCount second = CountOf(1, c.second_begin, c.second_end);
    const DistinctCount whole = CountOf(1, 0, std::max(c.first_end, c.second_end));
    DistinctCount merged = first;
    merged.Merge(second);
    CHECK(Same(merged, whole));
    DistinctCount commuted = second;
    commuted.Merge(first);
    CHECK(Same(commuted, whole));
    merged.Merge(second);
    merged.Merge(first);
    merged.Merge(merged);
    CHECK(Same(merged, whole));
  }
}

TEST_CASE("distinct count: how the parts are grouped changes nothing") {
  std::vector<DistinctCount> parts;
  std::vector<uint64_t> order;
  for (uint64_t part = 0; part < 12; ++part) {
    parts.push_back(CountOf(1, part * 90, part * 90 + 120));
    order.push_back(part);
  }
  const DistinctCount whole = CountOf(1, 0, 11 * 90 + 120);
  for (uint64_t shuffle = 1; shuffle <= 10; ++shuffle) {
    std::ranges::shuffle(order, std::mt19937_64(shuffle));
    DistinctCount left(kOptions);
    DistinctCount right(kOptions);
    for (size_t i = 0; i < order.size(); ++i) (i < shuffle ? left : right).Merge(parts[order[i]]);
    left.Merge(right);
    CHECK(Same(left, whole));
  }
}

TEST_CASE("distinct count: refused memory changes nothing") {
  const std::vector<DistinctCount> others = {CountOf(1, 9000, 9001), CountOf(1, 9000, 9768),
                                             CountOf(1, 9000, 9769)};
  std::vector<std::function<void(DistinctCount&)>> changes = {
      [](DistinctCount& count) { count.Record(HashOf(1, 9000)); }};
  for (const DistinctCount& other : others) {
    changes.emplace_back([&](DistinctCount& count) { count.Merge(other); });
  }
  for (const uint64_t keys : {0u, 1u, 12u, 384u, 767u, 768u, 769u}) {
    for (const auto& change : changes) {
      DistinctCount count = CountOf(1, 0, keys);
      for (size_t granted = 0; IsRefused(granted, [&] { change(count); }); ++granted) {
        CAPTURE(keys);
        CAPTURE(granted);
        CHECK(Same(count, CountOf(1, 0, keys)));
      }
      DistinctCount expected = CountOf(1, 0, keys);
      change(expected);
      CHECK(Same(count, expected));
    }
  }
}

}  // namespace metrics_runtime::test
