// An instrument's series one by one, as an exposition copies them.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "core/instrument.h"
#include "core/shared_word.h"
#include "support/eventually.h"
#include "support/refused_memory.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

using Added = Instrument::Added;
using Labels = std::vector<std::string>;
using Kind = SlotMeaning::Kind;
using Combine = SlotMeaning::Combine;
using Numbers = std::vector<double>;

constexpr int kOneThread = 1;
constexpr int kOther = 2;
constexpr uint32_t kAll = UINT32_MAX;
constexpr uint32_t kNotInThisTest = 3'600'000;

// As a thread does: once more, when somebody else is just reading.
void Remove(Instrument& instrument, const double* slots) {
  while (!instrument.RemoveSlots(slots)) std::this_thread::yield();
}

// With one label unless told otherwise; its series expire.
struct Exposed {
  explicit Exposed(SlotMeaning::Options meaning = {}, Labels labels = {"k"},
                   uint32_t max_series = 1'000, bool observed = false)
      : instrument({.name = "n",
                    .fingerprint = "",
                    .labels = std::move(labels),
                    .max_series = max_series,
                    .expire_after_ms = observed ? 0 : kNotInThisTest,
                    .meaning = SlotMeaning(std::move(meaning)),
                    .observed = observed},
                   overflows) {}

  Added Add(const std::string& label, const double* slots, const void* thread = &kOneThread) {
    return instrument.AddSlots(Labels{label}, slots, thread);
  }
  // A new series whose one slot has this value.
  Added Begin(const std::string& label, double value) {
    slots_of[label] = &owned.emplace_back(value);
    return Add(label, slots_of[label]);
  }
  void End(const std::string& label) { Remove(instrument, slots_of.at(label)); }

  [[nodiscard]] std::string LabelOf(uint32_t series) const {
    LabelValues values;
    instrument.AddLabels(series, values);
    std::string text;
    for (const std::string_view value : values.values()) {
      if (!text.empty()) text += '|';
      text += value;
    }
    return text;
  }
  // Of numbers, `label=value` for each.
  [[nodiscard]] std::string TextOf(const SeriesCopies& copies) const {
    std::string text;
    for (const auto& [series, created, point] : copies.series) {
      if (!text.empty()) text += ' ';
      text += series == Instrument::kOverflowSeries ? "overflow" : LabelOf(series);
      text += '=' + std::to_string(static_cast<int64_t>(std::get<double>(point)));
    }
    return text;
  }
  [[nodiscard]] std::string Copied(uint32_t first = 0, uint32_t most = kAll,
                                   const std::vector<const void*>& left_out = {}) const {
    SeriesCopies copies;
    instrument.CopyPoints(copies, first, most, left_out);
    return TextOf(copies);
  }
  [[nodiscard]] std::string Overflow(const std::vector<const void*>& left_out = {}) const {
    SeriesCopies copies;
    instrument.CopyOverflow(copies, left_out);
    return TextOf(copies);
  }
  // How many numbers there are while nobody holds them.
  [[nodiscard]] uint32_t numbers() {
    const uint32_t count = instrument.HoldNumbers();
    instrument.ReleaseNumbers();
    return count;
  }

  std::shared_ptr<std::atomic<uint64_t>> overflows = std::make_shared<std::atomic<uint64_t>>(0);
  Instrument instrument;
  std::deque<double> owned;
  std::map<std::string, const double*> slots_of;
};

Numbers ListOf(std::span<const double> numbers) { return {numbers.begin(), numbers.end()}; }

}  // namespace

TEST_CASE("instrument exposition: without labels there is one series from the beginning") {
  Exposed counter({}, {});
  CHECK(counter.instrument.HoldNumbers() == 1);
  CHECK(counter.Copied() == "=0");
  CHECK(counter.Overflow().empty());
  CHECK(counter.LabelOf(0).empty());
  const double slot = 3;
  REQUIRE(counter.instrument.AddSlots({}, &slot, &kOneThread) == Added::kSeries);
  CHECK(counter.Copied() == "=3");
  counter.instrument.ReleaseNumbers();
}

TEST_CASE("instrument exposition: series are copied in pieces however they are cut") {
  Exposed counter;
  CHECK(counter.instrument.HoldNumbers() == 0);
  CHECK(counter.Copied().empty());
  counter.instrument.ReleaseNumbers();
  for (int i = 0; i < 5; ++i) {
    (void)counter.Begin(std::string(1, static_cast<char>('a' + i)), i);
  }
  CHECK(counter.numbers() == 5);
  CHECK(counter.Copied() == "a=0 b=1 c=2 d=3 e=4");
  CHECK(counter.Copied(1, 3) == "b=1 c=2 d=3");
  CHECK(counter.Copied(3, 2) == "d=3 e=4");
  CHECK(counter.Copied(3, kAll) == "d=3 e=4");
  CHECK(counter.Copied(5, 1).empty());
  CHECK(counter.Copied(kAll - 1, kAll).empty());
  CHECK(counter.Copied(2, 0).empty());
}

TEST_CASE("instrument exposition: labels are in the order of the definition") {
  Exposed counter({}, {"a", "b", "c"});
  const double slot = 1;
  (void)counter.instrument.AddSlots(Labels{"x", "", "z"}, &slot, &kOneThread);
  CHECK(counter.LabelOf(0) == "x||z");
}

TEST_CASE("instrument exposition: a gauge that was not set has no point and the others have one") {
  for (const auto& [combine, expected] : std::array<std::pair<Combine, std::string>, 4>{{
           {Combine::kLast, "b=9"},
           {Combine::kSum, "b=14"},
           {Combine::kMin, "b=5"},
           {Combine::kMax, "b=9"},
       }}) {
    Exposed gauge({.kind = Kind::kGauge, .combine = combine});
    const std::array<double, 2> unset = {7, 0};
    const std::array<double, 2> mine = {9, 2};
    const std::array<double, 2> others = {5, 1};
    (void)gauge.Add("a", unset.data());
    (void)gauge.Add("b", mine.data());
    (void)gauge.Add("b", others.data(), &kOther);
    CHECK(gauge.Copied() == expected);
    CHECK(gauge.Overflow().empty());
    (void)gauge.instrument.AddOverflowSlots(unset.data(), &kOneThread);
    CHECK(gauge.Overflow().empty());
    (void)gauge.instrument.AddOverflowSlots(mine.data(), &kOther);
    CHECK(gauge.Overflow() == "overflow=9");
  }
}

TEST_CASE("instrument exposition: a histogram is copied with the counts of all its threads") {
  Exposed histogram({.kind = Kind::kHistogram, .bounds = {0.5, 2}});
  std::array<double, 6> mine = {2.5, 0.25, 2.25, 1, 0, 1};
  const std::array<double, 6> others = {3, 1, 2, 0, 2, 0};
  (void)histogram.Add("a", mine.data());
  (void)histogram.Add("a", others.data(), &kOther);
  SeriesCopies copies;
  histogram.instrument.CopyPoints(copies, 0, 1, {});
  mine = {};  // it is a copy
  REQUIRE(copies.series.size() == 1);
  const auto& point = std::get<HistogramPoint>(copies.series.front().point);
  CHECK(ListOf(point.bounds) == Numbers{0.5, 2});
  CHECK(ListOf(point.counts) == Numbers{1, 2, 1});
  CHECK(point.sum == 5.5);
  CHECK_FALSE(point.has_negative);
}

TEST_CASE("instrument exposition: a histogram knows of its negative values for ever") {
  Exposed histogram({.kind = Kind::kHistogram, .bounds = {0.5}});
  std::array<double, 5> mine = {-1, -1, -1, 1, 0};
  std::array<double, 5> others = {8, 8, 8, 0, 1};
  const auto has_negative = [&] {
    SeriesCopies copies;
    histogram.instrument.CopyPoints(copies, 0, 1, {});
    return std::get<HistogramPoint>(copies.series.at(0).point).has_negative;
  };
  (void)histogram.Add("a", others.data(), &kOther);
  CHECK_FALSE(has_negative());
  (void)histogram.Add("a", mine.data());
  CHECK(has_negative());
  histogram.instrument.Fold(&kOneThread);
  mine = {};
  CHECK(has_negative());
}

TEST_CASE("instrument exposition: an exponential histogram is copied with both of its sides") {
  Exposed histogram({.kind = Kind::kExponential});
  const std::array<double, 4> slots = {5, -3, 4, 2};
  std::array<double, 2> positive = {1, 3};
  std::array<double, 1> negative = {1};
  ExponentialSlots buckets{.scale = 0, .sides = {}};
  buckets.sides[0] = {.first = 0, .size = 2, .counts = positive.data()};
  buckets.sides[1] = {.first = 1, .size = 1, .counts = negative.data()};
  (void)histogram.Add("a", slots.data());
  REQUIRE(histogram.instrument.SetBuckets(slots.data(), buckets));
  SeriesCopies copies;
  histogram.instrument.CopyPoints(copies, 0, 1, {});
  positive = {};
  negative = {};
  REQUIRE(copies.series.size() == 1);
  const auto& point = std::get<ExponentialPoint>(copies.series.front().point);
  CHECK(point.zero_count == 2);
  CHECK(point.sum == 5);
  CHECK(point.has_negative);
  const auto total = [](const Numbers& counts) {
    double sum = 0;
    for (const double count : counts) sum += count;
    return sum;
  };
  CHECK(total(ListOf(point.positive.counts)) == 4);
  CHECK(total(ListOf(point.negative.counts)) == 1);
}

TEST_CASE("instrument exposition: of what is observed the threads that were left out are not in") {
  Exposed gauge({.kind = Kind::kGauge, .combine = Combine::kSum}, {"k"}, 1'000, true);
  const std::array<double, 2> mine = {1, 1};
  const std::array<double, 2> others = {20, 1};
  (void)gauge.Add("a", mine.data());
  (void)gauge.Add("a", others.data(), &kOther);
  (void)gauge.Add("b", others.data(), &kOther);
  (void)gauge.instrument.AddOverflowSlots(others.data(), &kOther);
  CHECK(gauge.Copied() == "a=21 b=20");
  CHECK(gauge.Copied(0, kAll, {&kOther}) == "a=1");
  CHECK(gauge.Copied(0, kAll, {&kOther, &kOneThread}).empty());
  CHECK(gauge.Overflow() == "overflow=20");
  CHECK(gauge.Overflow({&kOther}).empty());
}

TEST_CASE("instrument exposition: the overflow has its own number and no labels are asked of it") {
  Exposed counter({}, {"k"}, 1);
  REQUIRE(counter.Begin("a", 1) == Added::kSeries);
  REQUIRE(counter.Begin("b", 2) == Added::kOverflow);
  CHECK(counter.Overflow().empty());
  const double rest = 5;
  (void)counter.instrument.AddOverflowSlots(&rest, &kOneThread);
  CHECK(counter.Copied() == "a=1");
  CHECK(counter.Overflow() == "overflow=5");
}

TEST_CASE(
    "instrument exposition: while numbers are held every series keeps its number and labels") {
  constexpr uint32_t kSeries = 200;
  Exposed counter;
  const auto label = [](uint32_t i) {
    return "a label that is no short string " + std::to_string(i);
  };
  for (uint32_t i = 0; i < kSeries; ++i) REQUIRE(counter.Begin(label(i), i) == Added::kSeries);
  REQUIRE(counter.instrument.HoldNumbers() == kSeries);
  std::vector<std::pair<uint32_t, std::string_view>> seen;
  for (uint32_t i = 0; i < kSeries; ++i) {
    LabelValues values;
    counter.instrument.AddLabels(i, values);
    seen.emplace_back(i, values.values()[0]);
  }
  for (uint32_t i = 0; i < kSeries; ++i) {
    if (i % 10 != 0) counter.End(label(i));
  }
  for (uint32_t i = 0; i < kSeries; ++i) {
    REQUIRE(counter.Begin("new " + std::to_string(i), 1'000 + i) == Added::kSeries);
  }
  CHECK(counter.Copied(0, 21) == label(0) + "=0 " + label(10) + "=10 " + label(20) + "=20");
  // Also the views that were taken before, and those of what has ended.
  for (const auto& [i, text] : seen) {
    REQUIRE(counter.LabelOf(i) == label(i));
    REQUIRE(text == label(i));
  }
  CHECK(counter.LabelOf(kSeries) == "new 0");
  CHECK(counter.numbers() == 2 * kSeries);
  // A second holder: the first is not enough to forget them.
  CHECK(counter.instrument.HoldNumbers() == 2 * kSeries);
  counter.instrument.ReleaseNumbers();
  for (uint32_t i = 0; i < kSeries; ++i) counter.End("new " + std::to_string(i));
  REQUIRE(counter.Begin("held", 1) == Added::kSeries);
  CHECK(counter.numbers() == 2 * kSeries + 1);
  counter.instrument.ReleaseNumbers();
  REQUIRE(counter.Begin("free", 1) == Added::kSeries);
  CHECK(counter.numbers() == kSeries / 10 + 2);
  CHECK(counter.LabelOf(1) == label(10));
}

TEST_CASE(
    "instrument exposition: a series that ends and comes back while held is the same number") {
  Exposed counter;
  REQUIRE(counter.Begin("a", 1) == Added::kSeries);
  REQUIRE(counter.Begin("b", 2) == Added::kSeries);
  REQUIRE(counter.instrument.HoldNumbers() == 2);
  counter.End("a");
  CHECK(counter.Copied() == "b=2");
  REQUIRE(counter.Begin("a", 10) == Added::kSeries);
  CHECK(counter.Copied() == "a=10 b=2");
  CHECK(counter.numbers() == 2);
  counter.instrument.ReleaseNumbers();
}

TEST_CASE("instrument exposition: what closed it left is copied without its slots") {
  Exposed counter({}, {"k"}, 1);
  auto mine = std::make_unique<double>(3);
  auto rest = std::make_unique<double>(4);
  (void)counter.Add("a", mine.get());
  (void)counter.instrument.AddOverflowSlots(rest.get(), &kOneThread);
  REQUIRE(counter.instrument.HoldNumbers() == 1);
  counter.instrument.Close();
  mine.reset();  // AddressSanitizer watches from here
  rest.reset();
  CHECK(counter.Copied() == "a=3");
  CHECK(counter.Overflow() == "overflow=4");
  counter.instrument.ReleaseNumbers();
}

TEST_CASE("instrument exposition: when each series began is copied with it") {
  const double before = WallClockSeconds();
  Exposed counter;
  (void)counter.Begin("a", 1);
  const double between = WallClockSeconds();
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  (void)counter.Begin("b", 1);
  const auto created = [&](size_t series) {
    SeriesCopies copies;
    counter.instrument.CopyPoints(copies, 0, kAll, {});
    return copies.series.at(series).created;
  };
  CHECK(created(0) >= before);
  CHECK(created(0) <= between);
  CHECK(created(1) > between);
  const double second = created(1);
  counter.End("b");
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  (void)counter.Begin("b", 1);
  CHECK(created(1) > second);
}

TEST_CASE("instrument exposition: memory refused at any allocation of a copy changes nothing") {
  Exposed histogram({.kind = Kind::kExponential});
  const std::array<double, 4> slots = {6, 2, 4, 0};
  const std::array<double, 2> counts = {1, 1};
  ExponentialSlots buckets{.scale = 0, .sides = {}};
  buckets.sides[0] = {.first = 0, .size = 2, .counts = counts.data()};
  for (int i = 0; i < 20; ++i) (void)histogram.Add(std::to_string(i), slots.data());
  REQUIRE(histogram.instrument.SetBuckets(slots.data(), buckets));
  size_t granted = 0;
  size_t copied = 0;
  while (IsRefused(granted, [&] {
    SeriesCopies copies;
    histogram.instrument.CopyPoints(copies, 0, kAll, {});
    histogram.instrument.CopyOverflow(copies, {});
    copied = copies.series.size();
  })) {
    ++granted;
  }
  CHECK(granted > 20);
  CHECK(copied == 20);
  CHECK(histogram.numbers() == 20);
}

TEST_CASE("instrument exposition: threads add and end series while another copies them") {
  constexpr int kWriters = 2;
  constexpr uint32_t kLive = 50;
  Exposed counter({}, {"k"}, 10'000);
  std::atomic<bool> done{false};
  // Each label has one value and no other, so that a mix-up is seen.
  const auto label = [](int writer, uint64_t i) {
    return std::to_string(writer) + std::to_string(100'000 + i % 1'000);
  };
  std::vector<std::thread> threads;
  for (int writer = 1; writer <= kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      std::vector<double> own(kLive);
      for (uint64_t i = 0; !done.load(); ++i) {
        double& slot = own[i % kLive];
        Remove(counter.instrument, &slot);
        const std::string name = label(writer, i);
        StoreRelaxed(&slot, std::stod(name));
        (void)counter.instrument.AddSlots(Labels{name}, &slot, &own);
      }
      counter.instrument.Fold(&own);
    });
  }
  CHECK(Soon([&] { return counter.numbers() > 0; }));
  const uint64_t rounds = Rounds(200);
  bool wrong = false;
  size_t copied = 0;
  for (uint64_t round = 0; round < rounds && !wrong; ++round) {
    const uint32_t count = counter.instrument.HoldNumbers();
    SeriesCopies copies;
    for (uint32_t first = 0; first < count; first += 7) {
      counter.instrument.CopyPoints(copies, first, std::min(7u, count - first), {});
    }
    counter.instrument.CopyOverflow(copies, {});
    std::this_thread::yield();
    std::map<std::string, int> times;
    for (const auto& [series, created, point] : copies.series) {
      const std::string name = counter.LabelOf(series);
      const double value = std::get<double>(point);
      if (++times[name] != 1 || value != std::stod(name)) wrong = true;
      ++copied;
    }
    counter.instrument.ReleaseNumbers();
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  CHECK_FALSE(wrong);
  CHECK(copied > 0);
}

TEST_SUITE("slow") {
  TEST_CASE("instrument exposition: when no number is left while held the rest overflows") {
    Exposed counter({}, {"k"}, 100);
    std::array<double, 100> slots = {};
    uint32_t next = 0;
    const auto add = [&] {
      double* const slot = &slots[next % slots.size()];
      Remove(counter.instrument, slot);
      return counter.Add(std::to_string(next++), slot);
    };
    REQUIRE(add() == Added::kSeries);
    REQUIRE(counter.instrument.HoldNumbers() == 1);
    while (next < SeriesIndex::kMostSeries) {
      const Added added = add();
      if (added != Added::kSeries) FAIL("series ", next, " was refused");
    }
    CHECK(counter.numbers() == SeriesIndex::kMostSeries);
    CHECK(counter.overflows->load() == 0);
    CHECK(add() == Added::kOverflow);
    CHECK(add() == Added::kOverflow);
    CHECK(counter.overflows->load() == 2);
    // One that has a number, though it has ended, can come back to it.
    const double slot = 7;
    CHECK(counter.Add("0", &slot) == Added::kSeries);
    CHECK(counter.Copied(0, 1) == "0=7");
    CHECK(counter.LabelOf(SeriesIndex::kMostSeries - 1) ==
          std::to_string(SeriesIndex::kMostSeries - 1));
    counter.instrument.ReleaseNumbers();
    CHECK(add() == Added::kSeries);
    CHECK(counter.numbers() == 99);
  }
}

}  // namespace metrics_runtime::test
