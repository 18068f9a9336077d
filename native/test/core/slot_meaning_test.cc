#include "core/slot_meaning.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

using Kind = SlotMeaning::Kind;
using Combine = SlotMeaning::Combine;
using Threads = std::vector<std::vector<double>>;

// What these threads have written, as a snapshot has it, but without quotation marks.
std::string Together(const SlotMeaning& meaning, const Threads& threads) {
  SlotTotal total = meaning.Nothing();
  for (const auto& slots : threads) {
    REQUIRE(slots.size() == meaning.width());
    meaning.Add(total, slots.data());
  }
  std::string text = WrittenText([&](ValueWriter& writer) { meaning.Write(writer, total); });
  std::erase(text, '"');
  return text;
}

SlotMeaning Gauge(Combine combine) {
  return SlotMeaning({.kind = Kind::kGauge, .combine = combine});
}

}  // namespace

TEST_CASE("slot meaning: sums add up over threads, negative ones too") {
  const SlotMeaning sum({.kind = Kind::kSum});
  CHECK(Together(sum, {}) == "0");
  CHECK(Together(sum, {{1.5}, {-4}, {0}}) == "-2.5");
}

TEST_CASE("slot meaning: a gauge that no thread has set is null") {
  for (const auto combine : {Combine::kLast, Combine::kSum, Combine::kMin, Combine::kMax}) {
    CHECK(Together(Gauge(combine), {}) == "null");
    CHECK(Together(Gauge(combine), {{7, 0}}) == "null");
  }
}

TEST_CASE("slot meaning: of a gauge's threads, those that have set it count as it combines them") {
  const Threads threads = {{3, 5}, {100, 0}, {-2, 9}, {4, 7}};
  CHECK(Together(Gauge(Combine::kLast), threads) == "-2");
  CHECK(Together(Gauge(Combine::kSum), threads) == "5");
  CHECK(Together(Gauge(Combine::kMin), threads) == "-2");
  CHECK(Together(Gauge(Combine::kMax), threads) == "4");
  CHECK(Together(Gauge(Combine::kMax), {{-8, 1}}) == "-8");
}

TEST_CASE("slot meaning: only what a gauge was set to last outlives its thread") {
  CHECK(Gauge(Combine::kLast).outlives_its_thread());
  for (const auto combine : {Combine::kSum, Combine::kMin, Combine::kMax}) {
    CHECK_FALSE(Gauge(combine).outlives_its_thread());
  }
  CHECK(SlotMeaning({.kind = Kind::kSum}).outlives_its_thread());
  CHECK(SlotMeaning({.kind = Kind::kHistogram, .bounds = {1}}).outlives_its_thread());
}

TEST_CASE(
    "slot meaning: histograms add up bucket by bucket, and the count is that of the buckets") {
  const SlotMeaning histogram({.kind = Kind::kHistogram, .bounds = {1, 10}});
  CHECK(histogram.width() == 6);
  CHECK(Together(histogram, {}) ==
        "{count: 0, sum: 0, min: null, max: null, buckets: [{le: 1, count: 0}, {le: 10, count: 0}, "
        "{le: inf, count: 0}]}");
  CHECK(Together(histogram, {{12, -1, 8, 2, 1, 0}, {50, 20, 30, 0, 0, 2}}) ==
        "{count: 5, sum: 62, min: -1, max: 30, buckets: [{le: 1, count: 2}, {le: 10, count: 1}, "
        "{le: inf, count: 2}]}");
}

TEST_CASE("slot meaning: a histogram of which a thread has written the sum alone has nothing yet") {
  const SlotMeaning histogram({.kind = Kind::kHistogram, .bounds = {1}});
  const std::vector<double> begun = {5, 5, 5, 0, 0};
  CHECK(Together(histogram, {begun}) == Together(histogram, {}));
}

TEST_CASE("slot meaning: garbage in the buckets of a histogram is no count") {
  const SlotMeaning histogram({.kind = Kind::kHistogram, .bounds = {1}});
  const std::vector<double> counted = {5, 2, 3, 0, 2};
  for (const double garbage : {std::numeric_limits<double>::quiet_NaN(), -128.0, 0.5, 1e300,
                               std::numeric_limits<double>::infinity()}) {
    CAPTURE(garbage);
    CHECK(Together(histogram, {{5, 2, 3, garbage, 2}}) == Together(histogram, {counted}));
    CHECK(Together(histogram, {{5, 2, 3, garbage, 0}}) == Together(histogram, {}));
  }
}

}  // namespace metrics_runtime::test
