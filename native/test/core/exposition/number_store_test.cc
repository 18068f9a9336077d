#include "core/exposition/number_store.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/exposition/series_copies.h"
#include "support/refused_memory.h"

namespace metrics_runtime::test {

TEST_CASE("number store: numbers stay where they are and as they are") {
  NumberStore store;
  std::vector<std::span<double>> added;
  for (size_t i = 0; i < 1'000; ++i) {
    added.push_back(store.Add(i % 50));
    std::ranges::fill(added.back(), static_cast<double>(i));
  }
  const NumberStore moved = std::move(store);
  CHECK(moved.size() == 20 * 49 * 50 / 2);
  for (size_t i = 0; i < added.size(); ++i) {
    CHECK(added[i].size() == i % 50);
    CHECK(std::ranges::all_of(added[i], [&](double one) { return one == static_cast<double>(i); }));
  }
}

TEST_CASE("number store: its memory follows what is there") {
  const std::vector<size_t> sizes = {1, 12, 15, 1'001, 100'000};
  for (const size_t size : sizes) {
    CAPTURE(size);
    const uint64_t before = BytesGiven();
    NumberStore store;
    CHECK(BytesGiven() == before);
    for (size_t i = 1; i <= 5'000 && i * size <= 1'000'000; ++i) {
      (void)store.Add(size);
      // And what says where it is.
      REQUIRE(BytesGiven() - before <= 3 * i * size * sizeof(double) + 4'096);
      if (i == 1) REQUIRE(BytesGiven() - before <= size * sizeof(double) + 16);
    }
  }
}

TEST_CASE("number store: a series that is copied takes 100 bytes beside its numbers") {
  CHECK(sizeof(SeriesCopies::Copied) <= 100);
}

}  // namespace metrics_runtime::test
