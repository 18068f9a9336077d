// The buckets of exponential histograms, which belong to slots and are exchanged for others.
#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/instrument.h"
#include "core/shared_word.h"
#include "support/exponential_histogram_model.h"
#include "support/exponential_thread.h"
#include "support/refused_memory.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

using Added = Instrument::Added;
using Labels = std::vector<std::string>;
using Values = std::vector<double>;

constexpr int kOneThread = 1;
constexpr int kOther = 2;
constexpr uint32_t kMaxSize = 20;

struct Histogram {
  explicit Histogram(Labels labels = {}, SlotMeaning::Kind kind = SlotMeaning::Kind::kExponential)
      : instrument({.name = "h",
                    .fingerprint = "",
                    .labels = std::move(labels),
                    .max_series = 1,
                    .meaning = SlotMeaning({.kind = kind, .max_size = kMaxSize})},
                   std::make_shared<std::atomic<uint64_t>>(0)) {}

  [[nodiscard]] std::string Text() { return TextOf(instrument); }
  // Slots in the one series, with their buckets.
  void Add(const ExponentialThread& thread, const void* of) {
    REQUIRE(instrument.AddSlots({}, thread.slots(), of) == Added::kSeries);
    REQUIRE(instrument.SetBuckets(thread.slots(), thread.buckets()));
  }

  Instrument instrument;
};

Values Joined(std::initializer_list<Values> parts) {
  Values all;
  for (const Values& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// What does not depend on the scale: count, sum, min and max. The count is that of the buckets.
std::string SummaryOf(const std::string& text) { return text.substr(text.find("\"count\"")); }

// Their sums are exact.
const Values kNarrow = {1, 1.5, 1.25, 0};
const Values kWide = {0x1p-20, 0x1p20, 3, 0};
const Values kNegative = {-1, -0x1p10, -0x1p-10};

}  // namespace

TEST_CASE("instrument: slots have no buckets until they are set and then those alone") {
  Histogram histogram;
  const ExponentialThread before(kMaxSize, kNarrow);
  const ExponentialThread after(kMaxSize, kNarrow, 4);
  CHECK(histogram.instrument.AddSlots({}, before.slots(), &kOneThread) == Added::kSeries);
  CHECK(histogram.Text().find("\"zeroCount\": 1,") != std::string::npos);
  CHECK(histogram.Text().find("\"counts\": [1") == std::string::npos);
  CHECK(histogram.instrument.SetBuckets(before.slots(), before.buckets()));
  CHECK(histogram.Text() == ModelText(kMaxSize, kNarrow));
  // The counts are in both windows now; one of them is read.
  CHECK(histogram.instrument.SetBuckets(before.slots(), after.buckets()));
  CHECK(histogram.Text() == ModelText(kMaxSize, kNarrow));
}

TEST_CASE("instrument: buckets that were exchanged are not read again") {
  Histogram histogram;
  auto old = std::make_unique<ExponentialThread>(kMaxSize, kWide);
  const ExponentialThread now(kMaxSize, kWide, 1);
  REQUIRE(histogram.instrument.AddSlots({}, now.slots(), &kOneThread) == Added::kSeries);
  CHECK(histogram.instrument.SetBuckets(now.slots(), old->buckets()));
  CHECK(histogram.instrument.SetBuckets(now.slots(), now.buckets()));
  old.reset();  // AddressSanitizer watches from here
  CHECK(histogram.Text() == ModelText(kMaxSize, kWide));
  histogram.instrument.Fold(&kOneThread);
  CHECK(histogram.Text() == ModelText(kMaxSize, kWide));
}

TEST_CASE("instrument: buckets for slots that it does not know are refused") {
  Histogram histogram;
  const ExponentialThread known(kMaxSize, kNarrow);
  const ExponentialThread unknown(kMaxSize, kWide);
  histogram.Add(known, &kOneThread);
  CHECK_FALSE(histogram.instrument.SetBuckets(unknown.slots(), unknown.buckets()));
  CHECK_FALSE(histogram.instrument.SetBuckets(known.slots() + 1, unknown.buckets()));
  CHECK(histogram.Text() == ModelText(kMaxSize, kNarrow));

  Histogram counter({}, SlotMeaning::Kind::kSum);
  REQUIRE(counter.instrument.AddSlots({}, known.slots(), &kOneThread) == Added::kSeries);
  CHECK_FALSE(counter.instrument.SetBuckets(known.slots(), known.buckets()));
}

TEST_CASE("instrument: buckets for slots that are not read any more are refused") {
  Histogram histogram;
  const ExponentialThread ended(kMaxSize, kNarrow);
  const ExponentialThread lives(kMaxSize, kNegative);
  const ExponentialThread more(kMaxSize, kWide);
  histogram.Add(ended, &kOneThread);
  histogram.Add(lives, &kOther);
  histogram.instrument.Fold(&kOneThread);
  CHECK_FALSE(histogram.instrument.SetBuckets(ended.slots(), more.buckets()));
  CHECK(histogram.instrument.SetBuckets(lives.slots(), lives.buckets()));
  CHECK(histogram.Text() == ModelText(kMaxSize, Joined({kNarrow, kNegative})));
  histogram.instrument.Close();
  CHECK_FALSE(histogram.instrument.SetBuckets(lives.slots(), more.buckets()));
  CHECK(histogram.instrument.AddSlots({}, more.slots(), &kOneThread) == Added::kClosed);
  CHECK_FALSE(histogram.instrument.SetBuckets(more.slots(), more.buckets()));
  CHECK(histogram.Text() == ModelText(kMaxSize, Joined({kNarrow, kNegative})));
}

TEST_CASE("instrument: the overflow series has buckets as any other and a copy has their counts") {
  Histogram histogram({"a"});
  const ExponentialThread in_series(kMaxSize, kNarrow);
  ExponentialThread overflow(kMaxSize, kWide);
  REQUIRE(histogram.instrument.AddSlots(Labels{"x"}, in_series.slots(), &kOneThread) ==
          Added::kSeries);
  REQUIRE(histogram.instrument.AddOverflowSlots(overflow.slots(), &kOneThread) == Added::kOverflow);
  CHECK(histogram.instrument.SetBuckets(in_series.slots(), in_series.buckets()));
  CHECK(histogram.instrument.SetBuckets(overflow.slots(), overflow.buckets()));
  const std::string expected =
      "[{\"labels\": {\"a\": \"x\"}, \"value\": " + ModelText(kMaxSize, kNarrow) +
      "}, {\"labels\": {\"metrics_overflow\": \"true\"}, \"value\": " + ModelText(kMaxSize, kWide) +
      "}]";
  CHECK(histogram.Text() == expected);
  const auto copy = histogram.instrument.Copy();
  histogram.instrument.Fold(&kOneThread);
  CHECK(histogram.Text() == expected);
  overflow.counts(0)[0] += 5;
  CHECK(TextOf(*copy) == expected);
  CHECK_FALSE(copy->SetBuckets(in_series.slots(), in_series.buckets()));
}

TEST_CASE("instrument: at the end of threads nothing is lost though memory is refused") {
  // Every order in which windows meet: the total has to move, to widen and to become coarser.
  const std::vector<Values> of_threads = {kNarrow, kWide, kNegative, {-0x1p-30, 0x1p40}, {0}};
  for (size_t begin = 0; begin < of_threads.size(); ++begin) {
    Histogram histogram;
    std::deque<ExponentialThread> threads;
    Values all;
    for (size_t i = 0; i < of_threads.size(); ++i) {
      const Values& values = of_threads[(begin + i) % of_threads.size()];
      histogram.Add(threads.emplace_back(kMaxSize, values, 2), &of_threads[i]);
      all.insert(all.end(), values.begin(), values.end());
    }
    for (const Values& thread : of_threads) {
      // A refusal would end the process: Fold is noexcept.
      CHECK_FALSE(IsRefused(0, [&] { histogram.instrument.Fold(&thread); }));
      CHECK(SummaryOf(histogram.Text()) == SummaryOf(ModelText(kMaxSize, all)));
    }
  }
  Histogram histogram;
  const ExponentialThread one(kMaxSize, kWide);
  const ExponentialThread other(kMaxSize, kNegative);
  histogram.Add(one, &kOneThread);
  histogram.Add(other, &kOther);
  CHECK_FALSE(IsRefused(0, [&] { histogram.instrument.Close(); }));
  const std::string expected = ModelText(kMaxSize, Joined({kWide, kNegative}));
  CHECK(SummaryOf(histogram.Text()) == SummaryOf(expected));
}

TEST_CASE(
    "instrument: at the end of threads the scale is as fine as for one that had recorded all") {
  Histogram histogram;
  const ExponentialThread one(kMaxSize, kWide);
  const ExponentialThread other(kMaxSize, kNegative);
  histogram.Add(one, &kOneThread);
  histogram.Add(other, &kOther);
  const std::string expected = ModelText(kMaxSize, Joined({kWide, kNegative}));
  histogram.instrument.Fold(&kOneThread);
  CHECK(histogram.Text() == expected);
  histogram.instrument.Fold(&kOther);
  CHECK(histogram.Text() == expected);
}

TEST_CASE("instrument: buckets for which memory is refused are not set and those before stay") {
  Histogram histogram;
  const ExponentialThread before(kMaxSize, kNarrow);
  // Has the counts of before, and has seen a negative value: a sign without room in the total.
  const ExponentialThread after(kMaxSize, Joined({kNarrow, {-1}}));
  const auto slots = before.slots();
  REQUIRE(histogram.instrument.AddSlots({}, slots, &kOneThread) == Added::kSeries);
  CHECK(IsRefused(0, [&] { (void)histogram.instrument.SetBuckets(slots, before.buckets()); }));
  CHECK(histogram.Text().find("\"count\": 1,") != std::string::npos);  // the zero
  REQUIRE(histogram.instrument.SetBuckets(slots, before.buckets()));
  CHECK(IsRefused(0, [&] { (void)histogram.instrument.SetBuckets(slots, after.buckets()); }));
  CHECK(histogram.Text() == ModelText(kMaxSize, kNarrow));
  histogram.instrument.Fold(&kOneThread);
  CHECK(histogram.Text() == ModelText(kMaxSize, kNarrow));
}

TEST_CASE("instrument: no reading of buckets that move is torn or goes down while threads end") {
  constexpr size_t kThreads = 3;
  constexpr int kRounds = 400;
  constexpr int kMoves = 30;
  constexpr int kCounts = 40;
  Histogram histogram;
  std::atomic<size_t> ended{0};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < kRounds; ++round) {
        const char self{};
        std::array<double, 4> slots = {0, 1, 1, 0};
        (void)histogram.instrument.AddSlots({}, slots.data(), &self);
        std::vector<double> window;
        double counted = 0;
        for (int move = 0; move < kMoves; ++move) {
          // One bucket with all counts in it, each time at another place of another window.
          std::vector<double> next(8);
          const auto at = static_cast<size_t>((move + static_cast<int>(i)) % 8);
          next[at] = counted;
          const ExponentialSlots buckets{
              .scale = -4,
              .sides = {ExponentialSlots::Side{-static_cast<int32_t>(at), 8, next.data()}, {}}};
          if (!histogram.instrument.SetBuckets(slots.data(), buckets)) std::abort();
          window.swap(next);
          for (double& count : next) StoreRelaxed(&count, 1e6);  // who reads it now counts too much
          for (int n = 0; n < kCounts; ++n) {
            StoreRelaxed(&slots[0], slots[0] + 1);
            StoreRelease(&window[at], ++counted);
          }
        }
        histogram.instrument.Fold(&self);
      }
      ended.fetch_add(1);
    });
  }
  const auto number = [](const std::string& text, const std::string& key) {
    const std::string quoted = '"' + key + "\": ";
    return std::strtod(text.c_str() + text.find(quoted) + quoted.size(), nullptr);
  };
  constexpr double kAll = double{kThreads} * kRounds * kMoves * kCounts;
  double before = 0;
  while (ended.load() < kThreads) {
    const std::string text = histogram.Text();
    const double count = number(text, "count");
    REQUIRE(count >= before);
    REQUIRE(count <= kAll);
    REQUIRE(number(text, "sum") >= count);
    before = count;
  }
  for (auto& thread : threads) thread.join();
  CHECK(number(histogram.Text(), "count") == kAll);
  CHECK(number(histogram.Text(), "sum") == kAll);
}

}  // namespace metrics_runtime::test
