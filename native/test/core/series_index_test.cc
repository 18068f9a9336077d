#include "core/series_index.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <vector>

namespace metrics_runtime::test {

TEST_CASE("series index: numbers keys in order of appearance and finds them again") {
  SeriesIndex index(2);
  const std::array<uint32_t, 2> ab = {1, 2};
  const std::array<uint32_t, 2> ba = {2, 1};
  CHECK(index.Find(ab) == SeriesIndex::kNone);
  index.Add(ab);
  CHECK(index.Find(ba) == SeriesIndex::kNone);
  index.Add(ba);
  CHECK(index.Find(ab) == 0);
  CHECK(index.Find(ba) == 1);
  CHECK(index.size() == 2);
  CHECK(std::ranges::equal(index.KeyOf(1), ba));
}

TEST_CASE("series index: agrees with a map whatever the width and however the keys look") {
  for (const size_t width : {1u, 2u, 3u, 15u}) {
    for (const uint32_t range : {2u, 50u, 0xffff'ffffu}) {
      CAPTURE(width);
      CAPTURE(range);
      SeriesIndex index(width);
      std::map<std::vector<uint32_t>, uint32_t> model;
      std::mt19937 random(7);
      std::uniform_int_distribution<uint32_t> word(0, range);
      for (int i = 0; i < 5'000; ++i) {
        std::vector<uint32_t> key(width);
        for (uint32_t& part : key) part = word(random);
        const auto known = model.find(key);
        if (known == model.end()) {
          REQUIRE(index.Find(key) == SeriesIndex::kNone);
          model.emplace(key, index.size());
          index.Add(key);
        } else {
          REQUIRE(index.Find(key) == known->second);
        }
      }
      REQUIRE(index.size() == model.size());
      for (const auto& [key, series] : model) {
        REQUIRE(index.Find(key) == series);
        REQUIRE(std::ranges::equal(index.KeyOf(series), key));
      }
    }
  }
}

TEST_CASE("series index: takes keys that differ in their highest bits alone") {
  SeriesIndex index(1);
  for (uint32_t i = 0; i < 4'096; ++i) index.Add(std::array{i << 20});
  for (uint32_t i = 0; i < 4'096; ++i) REQUIRE(index.Find(std::array{i << 20}) == i);
}

TEST_CASE("series index: stays within the memory that its header states") {
  SeriesIndex index(3);
  for (uint32_t i = 0; i < 100'000; ++i) index.Add(std::array{i, i, i});
  const size_t keys = 2 * 3 * sizeof(uint32_t);  // a vector may hold twice what it needs
  CHECK(index.heap_bytes() <= 100'000 * (keys + 16));
}

}  // namespace metrics_runtime::test
