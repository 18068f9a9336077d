#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <string>
#include <vector>

#include "core/slot_meaning.h"
#include "support/exponential_histogram_model.h"
#include "support/exponential_thread.h"
#include "support/random_values.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

using Values = std::vector<double>;

SlotMeaning Exponential(uint32_t max_size) {
  return SlotMeaning({.kind = SlotMeaning::Kind::kExponential, .max_size = max_size});
}

std::string TextOf(const SlotMeaning& meaning, const SlotTotal& total) {
  return WrittenText([&](ValueWriter& writer) { meaning.Write(writer, total); });
}

std::string Together(const SlotMeaning& meaning, const std::deque<ExponentialThread>& threads) {
  SlotTotal total = meaning.Nothing();
  for (const ExponentialThread& thread : threads) {
    const ExponentialSlots buckets = thread.buckets();
    meaning.Add(total, thread.slots(), &buckets);
  }
  return TextOf(meaning, total);
}

// Whole numbers of halves, so that their sums are exact.
Values Halves(uint64_t seed, double most) {
  return Generated(100, seed, [&](RandomSource& random) {
    return std::round((random.Uniform() - 0.3) * std::pow(most, random.Uniform())) / 2;
  });
}

}  // namespace

TEST_CASE("slot meaning: an exponential histogram of no thread is empty at the finest scale") {
  const SlotMeaning meaning = Exponential(160);
  CHECK(meaning.width() == 4);
  CHECK(meaning.has_buckets());
  CHECK(meaning.max_size() == 160);
  CHECK(meaning.outlives_its_thread());
  CHECK(TextOf(meaning, meaning.Nothing()) == ModelText(160, {}));
}

TEST_CASE("slot meaning: only exponential histograms have buckets elsewhere") {
  for (const auto kind :
       {SlotMeaning::Kind::kSum, SlotMeaning::Kind::kGauge, SlotMeaning::Kind::kHistogram}) {
    CHECK_FALSE(SlotMeaning({.kind = kind, .bounds = {1}}).has_buckets());
  }
}

TEST_CASE("slot meaning: windows at different scales come to the scale that holds all of them") {
  const std::vector<Values> of_threads = {{1, 1.5, 1.25}, {-2, -4096, 0}, Halves(1, 10), {0x1p-30},
                                          Halves(2, 1e6), {0, 0},         {3, -3}};
  for (const uint32_t max_size : {2u, 3u, 20u, 160u, 4096u}) {
    CAPTURE(max_size);
    const SlotMeaning meaning = Exponential(max_size);
    for (const int32_t spare : {0, 1, 50}) {
      std::deque<ExponentialThread> threads;
      Values all;
      for (const Values& values : of_threads) {
        threads.emplace_back(max_size, values, spare);
        all.insert(all.end(), values.begin(), values.end());
        CHECK(Together(meaning, threads) == ModelText(max_size, all));
      }
    }
  }
}

TEST_CASE("slot meaning: in which order the windows of threads come does not matter") {
  std::vector<Values> of_threads = {{1e-9, 1e9, -5}, {1, 1.01}, {-0x1p900}, Halves(3, 1e9)};
  const SlotMeaning meaning = Exponential(20);
  std::ranges::sort(of_threads);
  std::string first;
  do {
    std::deque<ExponentialThread> threads;
    for (const Values& values : of_threads) threads.emplace_back(20, values);
    const std::string text = Together(meaning, threads);
    if (first.empty()) first = text;
    CHECK(text == first);
  } while (std::ranges::next_permutation(of_threads).found);
}

TEST_CASE("slot meaning: a thread without buckets has its zeros alone") {
  const SlotMeaning meaning = Exponential(20);
  const ExponentialThread thread(20, {0, 0, 0});
  SlotTotal total = meaning.Nothing();
  meaning.Add(total, thread.slots(), nullptr);
  CHECK(TextOf(meaning, total) == ModelText(20, {0, 0, 0}));
}

TEST_CASE("slot meaning: what a thread has written without a count is nothing yet") {
  const SlotMeaning meaning = Exponential(20);
  std::deque<ExponentialThread> threads;
  ExponentialThread& begun = threads.emplace_back(20, Values{5, 7});
  std::ranges::fill(begun.counts(0), 0);
  SlotTotal total = meaning.Nothing();
  meaning.Add(total, begun.slots(), nullptr);
  CHECK(TextOf(meaning, total) == ModelText(20, {}));
  const std::string text = Together(meaning, threads);
  CHECK(text.find("\"count\": 0, \"sum\": 0, \"min\": null, \"max\": null") != std::string::npos);
}

TEST_CASE("slot meaning: garbage in the buckets of a thread is no count") {
  const SlotMeaning meaning = Exponential(20);
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const Values values = {1, 2, 3, -4, -4.5, 0};
  for (const double garbage : {kNaN, -1.0, -0.0, 0.5, 1e300, -1e300, kInfinity, -kInfinity,
                               0x1p53 + 2, std::numeric_limits<double>::denorm_min()}) {
    CAPTURE(garbage);
    std::deque<ExponentialThread> threads;
    ExponentialThread& thread = threads.emplace_back(20, values, 3);
    for (const size_t sign : {0u, 1u}) {
      for (double& count : thread.counts(sign)) {
        if (count == 0) count = garbage;
      }
    }
    CHECK(Together(meaning, threads) == ModelText(20, values));
    std::deque<ExponentialThread> others;
    ExponentialThread& zeros = others.emplace_back(20, Values{1, 2});
    // Of zeros, what is not above 0.
    if (!(garbage > 0)) zeros.slot(3) = garbage;
    CHECK(Together(meaning, others) == ModelText(20, {1, 2}));
  }
  std::deque<ExponentialThread> threads;
  ExponentialThread& most = threads.emplace_back(20, Values{1});
  most.counts(0)[0] = 0x1p53;
  CHECK(Together(meaning, threads).find("\"count\": 9007199254740992") != std::string::npos);
}

TEST_CASE("slot meaning: garbage in the zeros of a thread is no count") {
  const SlotMeaning meaning({.kind = SlotMeaning::Kind::kExponential, .max_size = 20});
  for (const double garbage : {1e19, 0x1p60, 1e300, std::numeric_limits<double>::infinity()}) {
    CAPTURE(garbage);
    ExponentialThread thread(20, {1, 2});
    thread.slot(3) = garbage;
    const ExponentialSlots buckets = thread.buckets();
    SlotTotal total = meaning.Nothing();
    meaning.Add(total, thread.slots(), &buckets);
    CHECK(WrittenText([&](ValueWriter& w) { meaning.Write(w, total); }) == ModelText(20, {1, 2}));
  }
}

}  // namespace metrics_runtime::test
