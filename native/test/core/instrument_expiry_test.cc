#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/instrument.h"
#include "core/shared_word.h"
#include "support/refused_memory.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

using Added = Instrument::Added;
using Labels = std::vector<std::string>;
using Kind = SlotMeaning::Kind;
using Combine = SlotMeaning::Combine;

constexpr int kOneThread = 1;
constexpr int kOther = 2;
constexpr uint32_t kAtOnce = 1;
constexpr uint32_t kNotInThisTest = 3'600'000;

// As a thread does: once more, when somebody else is just reading.
void Remove(Instrument& instrument, const double* slots) {
  while (!instrument.RemoveSlots(slots)) std::this_thread::yield();
}

// An instrument with one label, whose series expire.
struct Expiring {
  explicit Expiring(uint32_t max_series = 10, uint32_t expire_after_ms = kNotInThisTest,
                    SlotMeaning::Options meaning = {})
      : instrument({.name = "n",
                    .fingerprint = "",
                    .labels = {"a"},
                    .max_series = max_series,
                    .expire_after_ms = expire_after_ms,
                    .meaning = SlotMeaning(std::move(meaning))},
                   overflows) {}

  Added Add(const std::string& label, const double* slots, const void* thread = &kOneThread) {
    return instrument.AddSlots(Labels{label}, slots, thread);
  }
  // Each series as `label: value`, without quotation marks.
  [[nodiscard]] static std::string TextOf(Instrument& one) {
    std::string text = WrittenText([&](ValueWriter& writer) { one.Write(writer); });
    std::erase(text, '"');
    const auto replace = [&](const std::string& before, const std::string& after) {
      for (size_t at = text.find(before); at != std::string::npos; at = text.find(before)) {
        text.replace(at, before.size(), after);
      }
    };
    replace("{labels: {a: ", "");
    replace("{labels: {metrics_overflow: true", "overflow");
    replace("}, value: ", ": ");
    replace("}", "");
    return text;
  }
  [[nodiscard]] std::string Text() { return TextOf(instrument); }
  // Looks until it is `text`, for at most some seconds.
  [[nodiscard]] std::string TextOnce(const std::string& text) {
    using std::chrono::steady_clock;
    const auto deadline = steady_clock::now() + std::chrono::seconds(10);
    while (Text() != text && steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return Text();
  }

  std::shared_ptr<std::atomic<uint64_t>> overflows = std::make_shared<std::atomic<uint64_t>>(0);
  Instrument instrument;
};

}  // namespace

TEST_CASE("instrument expiry: a series ends with its last slots, which are not read again") {
  Expiring counter;
  auto gone = std::make_unique<double>(3);
  double stays = 4;
  CHECK(counter.Add("x", gone.get()) == Added::kSeries);
  CHECK(counter.Add("y", &stays) == Added::kSeries);
  CHECK(counter.Text() == "[x: 3, y: 4]");
  Remove(counter.instrument, gone.get());
  gone.reset();  // AddressSanitizer watches from here
  CHECK(counter.Text() == "[y: 4]");
  CHECK(Expiring::TextOf(*counter.instrument.Copy()) == "[y: 4]");
}

TEST_CASE("instrument expiry: what one thread had added stays until the last slots are gone") {
  Expiring counter;
  auto mine = std::make_unique<double>(1);
  double others = 20;
  (void)counter.Add("x", mine.get());
  (void)counter.Add("x", &others, &kOther);
  Remove(counter.instrument, mine.get());
  mine.reset();
  others = 30;
  CHECK(counter.Text() == "[x: 31]");
  double again = 500;
  (void)counter.Add("x", &again);
  CHECK(counter.Text() == "[x: 531]");
  Remove(counter.instrument, &others);
  Remove(counter.instrument, &again);
  CHECK(counter.Text() == "[]");
}

TEST_CASE("instrument expiry: slots that are not there are none to remove") {
  Expiring counter;
  double mine = 1;
  double none = 2;
  (void)counter.Add("x", &mine);
  Remove(counter.instrument, &none);
  CHECK(counter.Text() == "[x: 1]");
  Remove(counter.instrument, &mine);
  Remove(counter.instrument, &mine);
  CHECK(counter.Text() == "[]");
  (void)counter.Add("x", &mine);
  counter.instrument.Close();
  mine = 9;
  Remove(counter.instrument, &mine);
  CHECK(counter.Text() == "[x: 1]");
}

TEST_CASE("instrument expiry: a series that comes back begins from nothing whatever its kind") {
  const std::array<double, 2> set = {7, 1};
  const std::array<double, 2> unset = {0, 0};
  const std::array<double, 5> recorded = {1.5, 0.5, 1, 1, 1};
  const std::array<double, 5> empty = {0, INFINITY, -INFINITY, 0, 0};
  struct Case {
    SlotMeaning::Options meaning;
    const double* before;
    const double* after;
    std::string as_new;
  };
  const std::array<Case, 5> cases = {{
      {.meaning = {.kind = Kind::kSum},
       .before = set.data(),
       .after = unset.data(),
       .as_new = "[x: 0]"},
      {.meaning = {.kind = Kind::kGauge, .combine = Combine::kLast},
       .before = set.data(),
       .after = unset.data(),
       .as_new = "[x: null]"},
      {.meaning = {.kind = Kind::kGauge, .combine = Combine::kMax},
       .before = set.data(),
       .after = unset.data(),
       .as_new = "[x: null]"},
      {.meaning = {.kind = Kind::kHistogram, .bounds = {0.5}},
       .before = recorded.data(),
       .after = empty.data(),
       .as_new = "[x: {count: 0, sum: 0, min: null, max: null, "
                 "buckets: [{le: 0.5, count: 0, {le: inf, count: 0]]"},
      {.meaning = {.kind = Kind::kExponential},
       .before = recorded.data(),
       .after = empty.data(),
       .as_new = ""},
  }};
  for (const Case& each : cases) {
    CAPTURE(static_cast<uint32_t>(each.meaning.kind));
    Expiring fresh(10, kNotInThisTest, each.meaning);
    (void)fresh.Add("x", each.after);
    Expiring used(10, kNotInThisTest, each.meaning);
    (void)used.Add("x", each.before);
    CHECK(used.Text() != fresh.Text());
    Remove(used.instrument, each.before);
    CHECK(used.Text() == "[]");
    (void)used.Add("x", each.after);
    CHECK(used.Text() == fresh.Text());
    if (each.meaning.kind == Kind::kSum || each.meaning.kind == Kind::kGauge) {
      CHECK(used.Text() == each.as_new);
    }
  }
}

TEST_CASE("instrument expiry: of a gauge the last value stays and what is combined is kept") {
  for (const auto& [combine, expected] : std::array<std::pair<Combine, std::string>, 4>{{
           {Combine::kLast, "[x: 9]"},
           {Combine::kSum, "[x: 14]"},
           {Combine::kMin, "[x: 5]"},
           {Combine::kMax, "[x: 9]"},
       }}) {
    Expiring gauge(10, kNotInThisTest, {.kind = Kind::kGauge, .combine = combine});
    const std::array<double, 2> others = {5, 1};
    const std::array<double, 2> mine = {9, 2};
    (void)gauge.Add("x", others.data(), &kOther);
    (void)gauge.Add("x", mine.data());
    CHECK(gauge.instrument.RemoveSlots(mine.data()) == (combine == Combine::kLast));
    CHECK(gauge.Text() == expected);
  }
}

TEST_CASE("instrument expiry: buckets go with their slots and what was in them with the series") {
  Expiring histogram(10, kNotInThisTest, {.kind = Kind::kExponential});
  const std::array<double, 4> slots = {6, 2, 4, 0};
  auto counts = std::make_unique<std::array<double, 2>>(std::array<double, 2>{1, 1});
  ExponentialSlots buckets{.scale = 0, .sides = {}};
  buckets.sides[0] = {.first = 0, .size = 2, .counts = counts->data()};
  const std::array<double, 4> others = {0, 0, 0, 1};
  (void)histogram.Add("x", slots.data());
  CHECK(histogram.instrument.SetBuckets(slots.data(), buckets));
  (void)histogram.Add("x", others.data(), &kOther);
  const std::string together = histogram.Text();
  CHECK(together.find("count: 3, sum: 6") != std::string::npos);
  Remove(histogram.instrument, slots.data());
  counts.reset();
  CHECK_FALSE(histogram.instrument.SetBuckets(slots.data(), buckets));
  CHECK(histogram.Text() == together);
  Remove(histogram.instrument, others.data());
  CHECK(histogram.Text() == "[]");
}

TEST_CASE("instrument expiry: ended series give their room back also to themselves") {
  Expiring counter(2);
  std::array<double, 3> slots = {1, 2, 4};
  CHECK(counter.Add("x", &slots[0]) == Added::kSeries);
  CHECK(counter.Add("y", &slots[1]) == Added::kSeries);
  CHECK(counter.Add("z", &slots[2]) == Added::kOverflow);
  Remove(counter.instrument, &slots[0]);
  CHECK(counter.Add("z", &slots[2]) == Added::kSeries);
  CHECK(counter.Add("x", &slots[0]) == Added::kOverflow);
  Remove(counter.instrument, &slots[1]);
  CHECK(counter.Add("x", &slots[0]) == Added::kSeries);
  CHECK(counter.Add("y", &slots[1]) == Added::kOverflow);
  CHECK(counter.overflows->load() == 3);
  CHECK(counter.Text().find("x: 1") != std::string::npos);
  CHECK(counter.Text().find("z: 4") != std::string::npos);
}

TEST_CASE("instrument expiry: the overflow stays whatever is removed and however long it is idle") {
  Expiring counter(1, kAtOnce);
  double one = 1;
  double rest = 7;
  (void)counter.Add("x", &one);
  (void)counter.instrument.AddOverflowSlots(&rest, &kOneThread);
  CHECK_FALSE(counter.instrument.RemoveSlots(&rest));
  CHECK(counter.Text() == "[x: 1, overflow: 7]");
  rest = 8;
  CHECK(counter.Text() == "[x: 1, overflow: 8]");
  counter.instrument.Fold(&kOneThread);
  CHECK(counter.TextOnce("[overflow: 8]") == "[overflow: 8]");
}

TEST_CASE("instrument expiry: a series that all threads have left ends a while after the last") {
  Expiring counter(10, 200);
  double mine = 1;
  double others = 2;
  double stays = 4;
  (void)counter.Add("x", &mine);
  (void)counter.Add("x", &others, &kOther);
  (void)counter.Add("y", &stays, &kOther);
  counter.instrument.Fold(&kOneThread);
  std::this_thread::sleep_for(std::chrono::milliseconds(250));
  CHECK(counter.Text() == "[x: 3, y: 4]");  // not alone
  const auto before = std::chrono::steady_clock::now();
  counter.instrument.Fold(&kOther);
  CHECK(counter.TextOnce("[]") == "[]");
  CHECK(std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(200));
}

TEST_CASE("instrument expiry: a series that somebody comes back to in time does not end") {
  Expiring counter(10, 300);
  double mine = 1;
  double again = 10;
  double left = 100;
  (void)counter.Add("x", &mine);
  (void)counter.Add("y", &left);
  counter.instrument.Fold(&kOneThread);
  (void)counter.Add("x", &again, &kOther);
  CHECK(counter.TextOnce("[x: 11]") == "[x: 11]");  // y is gone, so x would be too
}

TEST_CASE(
    "instrument expiry: the last slots of a series that a thread has just left are not its end") {
  Expiring counter;
  double mine = 1;
  double others = 2;
  (void)counter.Add("x", &mine);
  (void)counter.Add("x", &others, &kOther);
  counter.instrument.Fold(&kOther);
  Remove(counter.instrument, &mine);
  CHECK(counter.Text() == "[x: 3]");
}

TEST_CASE("instrument expiry: of series that all have left each ends in its own time") {
  constexpr uint32_t kLifetimeMs = 1'000;
  Expiring counter(10, kLifetimeMs);
  double early = 1;
  double late = 2;
  (void)counter.Add("x", &early);
  (void)counter.Add("y", &late, &kOther);
  counter.instrument.Fold(&kOneThread);
  std::this_thread::sleep_for(std::chrono::milliseconds(kLifetimeMs));
  counter.instrument.Fold(&kOther);
  CHECK(counter.Text() == "[y: 2]");
  CHECK(counter.TextOnce("[]") == "[]");
}

TEST_CASE("instrument expiry: those that all have left make room when it is needed") {
  Expiring counter(1, kAtOnce);
  double mine = 1;
  double next = 2;
  (void)counter.Add("x", &mine);
  counter.instrument.Fold(&kOneThread);
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(counter.Add("y", &next, &kOther) == Added::kSeries);
  CHECK(counter.Text() == "[y: 2]");
  CHECK(counter.overflows->load() == 0);
}

TEST_CASE("instrument expiry: one that does not expire keeps what threads leave") {
  Expiring counter(10, 0);
  double mine = 1;
  (void)counter.Add("x", &mine);
  counter.instrument.Fold(&kOneThread);
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(counter.Text() == "[x: 1]");
}

TEST_CASE("instrument expiry: forgetting keeps the living with their order slots and buckets") {
  constexpr uint32_t kSeries = 400;
  Expiring histogram(1'000, kNotInThisTest, {.kind = Kind::kExponential});
  std::vector<std::array<double, 4>> slots(kSeries);
  std::vector<double> counts(kSeries);
  const auto label = [](uint32_t i) {
    return "a label that is no short string " + std::to_string(i);
  };
  for (uint32_t i = 0; i < kSeries; ++i) {
    slots[i] = {1.0 + i, 1, 1, 0};
    (void)histogram.Add(label(i), slots[i].data());
  }
  const double rest[4] = {5, 5, 5, 1};
  (void)histogram.instrument.AddOverflowSlots(rest, &kOneThread);
  for (uint32_t i = 0; i < kSeries; ++i) {
    if (i % 10 != 0) Remove(histogram.instrument, slots[i].data());
  }
  const double newest[4] = {7, 7, 7, 1};
  (void)histogram.Add("newest", newest);  // now those are forgotten
  Expiring expected(1'000, kNotInThisTest, {.kind = Kind::kExponential});
  for (uint32_t i = 0; i < kSeries; i += 10) {
    counts[i] = i + 1;
    ExponentialSlots buckets{.scale = 0, .sides = {}};
    buckets.sides[0] = {.first = static_cast<int32_t>(i % 7), .size = 1, .counts = &counts[i]};
    CHECK(histogram.instrument.SetBuckets(slots[i].data(), buckets));
    (void)expected.Add(label(i), slots[i].data());
    CHECK(expected.instrument.SetBuckets(slots[i].data(), buckets));
  }
  (void)expected.Add("newest", newest);
  (void)expected.instrument.AddOverflowSlots(rest, &kOneThread);
  CHECK(histogram.Text() == expected.Text());
  for (uint32_t i = 0; i < kSeries; i += 10) {
    CHECK(histogram.Add(label(i), rest, &kOther) == Added::kSeries);
    (void)expected.Add(label(i), rest, &kOther);
    CHECK(histogram.Text() == expected.Text());
    Remove(histogram.instrument, rest);
    Remove(expected.instrument, rest);
  }
}

TEST_CASE("instrument expiry: of endless values the living find room and no other is there") {
  Expiring counter(100);
  std::array<double, 100> slots = {};
  for (uint32_t number = 0; number < 200'000; ++number) {
    double* const slot = &slots[number % slots.size()];
    Remove(counter.instrument, slot);
    REQUIRE(counter.Add("value " + std::to_string(number), slot) == Added::kSeries);
  }
  const std::string text = counter.Text();
  CHECK(std::ranges::count(text, ':') == 100);
  CHECK(text.find("value 199900: 0") != std::string::npos);
  CHECK(text.find("value 199999: 0") != std::string::npos);
}

TEST_CASE("instrument expiry: agrees with a model whatever comes and goes") {
  constexpr uint32_t kLabels = 300;
  constexpr uint32_t kSlots = 200;
  constexpr uint32_t kLimit = 120;
  const std::array<int, 4> threads = {1, 2, 3, 4};
  struct Held {
    bool used = false;
    uint32_t label = 0;
    size_t thread = 0;
  };
  struct Known {
    double folded = 0;
    uint32_t parts = 0;
  };
  for (const uint32_t seed : {1u, 2u, 3u}) {
    Expiring counter(kLimit);
    std::array<double, kSlots> slots = {};
    std::array<Held, kSlots> held = {};
    std::map<uint32_t, Known> model;
    std::mt19937 random(seed);
    const auto below = [&](uint32_t limit) { return static_cast<uint32_t>(random() % limit); };
    uint64_t overflows = 0;
    for (int step = 0; step < 20'000; ++step) {
      const uint32_t at = below(kSlots);
      if (held[at].used && below(3) != 0) {
        slots[at] += 1 + below(9);
      } else if (held[at].used) {
        Remove(counter.instrument, &slots[at]);
        Known& known = model[held[at].label];
        known.folded += slots[at];
        if (--known.parts == 0) model.erase(held[at].label);
        held[at].used = false;
      } else {
        const Held next = {.used = true, .label = below(kLabels), .thread = below(4)};
        slots[at] = 0;
        const bool fits = model.contains(next.label) || model.size() < kLimit;
        const Added added =
            counter.Add(std::to_string(next.label), &slots[at], &threads[next.thread]);
        REQUIRE(added == (fits ? Added::kSeries : Added::kOverflow));
        overflows += fits ? 0 : 1;
        if (!fits) continue;
        held[at] = next;
        ++model[next.label].parts;
      }
      if (step % 500 != 0) continue;
      std::map<std::string, double> expected;
      for (const auto& [label, known] : model) expected[std::to_string(label)] = known.folded;
      for (uint32_t i = 0; i < kSlots; ++i) {
        if (held[i].used) expected[std::to_string(held[i].label)] += slots[i];
      }
      const std::string text = counter.Text() + ",";
      size_t series = 0;
      for (const char each : text) series += each == ':' ? 1 : 0;
      REQUIRE(series == expected.size());
      for (const auto& [label, value] : expected) {
        const std::string row = label + ": " + std::to_string(static_cast<int64_t>(value));
        CAPTURE(row);
        CAPTURE(text);
        REQUIRE((text.find("[" + row + ",") != std::string::npos ||
                 text.find("[" + row + "]") != std::string::npos ||
                 text.find(" " + row + ",") != std::string::npos ||
                 text.find(" " + row + "]") != std::string::npos));
      }
    }
    CHECK(overflows > 0);
    CHECK(counter.overflows->load() == overflows);
  }
}

TEST_CASE("instrument expiry: refused memory leaves what lives as it is") {
  constexpr uint32_t kSeries = 200;
  // A new label set; one that has ended; one when those that have ended are to be forgotten.
  for (const std::string& label :
       {std::string("new, and no short string at all"), std::string("1")}) {
    for (size_t granted = 0;; ++granted) {
      REQUIRE(granted < 2'000);
      Expiring counter(1'000);
      std::vector<double> slots(kSeries, 1);
      for (uint32_t i = 0; i < kSeries; ++i) (void)counter.Add(std::to_string(i), &slots[i]);
      for (uint32_t i = 0; i < kSeries; ++i) {
        if (i % 20 != 0) Remove(counter.instrument, &slots[i]);
      }
      const std::string before = counter.Text();
      double mine = 5;
      const Labels labels = {label};
      const bool refused = IsRefused(
          granted, [&] { (void)counter.instrument.AddSlots(labels, &mine, &kOneThread); });
      if (refused) {
        mine = 6;  // nobody reads it
        CHECK(counter.Text().find(": 6") == std::string::npos);
        REQUIRE(counter.Add(label, &mine) == Added::kSeries);
      }
      CHECK(counter.Text().find(label + (refused ? ": 6" : ": 5")) != std::string::npos);
      Remove(counter.instrument, &mine);
      CHECK(counter.Text() == before);
      slots[20] = 2;
      CHECK(counter.Text().find("20: 2,") != std::string::npos);
      if (!refused) break;
    }
  }
}

TEST_CASE("instrument expiry: no reading is torn or has ended slots while threads come and go") {
  constexpr size_t kThreads = 3;
  constexpr int kRounds = 3'000;
  Expiring counter(1'000, kAtOnce);
  double anchor = 0.5;
  (void)counter.Add("all", &anchor);
  std::atomic<size_t> ended{0};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const std::array<char, 1> self{};
      for (int round = 0; round < kRounds; ++round) {
        auto common = std::make_unique<double>(0);
        auto own = std::make_unique<double>(0);
        (void)counter.Add("all", common.get(), &self);
        (void)counter.Add(std::to_string(i) + "." + std::to_string(round), own.get(), &self);
        for (int n = 0; n < 20; ++n) {
          StoreRelaxed(common.get(), *common + 0.5);
          StoreRelaxed(own.get(), *own + 0.5);
        }
        Remove(counter.instrument, own.get());
        if (round % 2 == 0) Remove(counter.instrument, common.get());
        counter.instrument.Fold(&self);
      }
      ended.fetch_add(1);
    });
  }
  const auto all = [&] { return std::stod(counter.Text().substr(6)); };  // after "[all: "
  double before = 0;
  while (ended.load() < kThreads) {
    const double now = all();
    CHECK(now >= before);
    before = now;
  }
  for (auto& thread : threads) thread.join();
  const double sum = 0.5 + kThreads * kRounds * 20 * 0.5;
  CHECK(all() == sum);
  CHECK(counter.Text() == "[all: " + std::to_string(static_cast<int64_t>(sum)) + ".5]");
}

TEST_CASE("instrument expiry: slots that are refused memory have changed nothing") {
  for (size_t granted = 0;; ++granted) {
    Expiring counter;
    double mine = 5;
    const Labels labels = {"a label that is no short string"};
    const bool refused =
        IsRefused(granted, [&] { (void)counter.instrument.AddSlots(labels, &mine, &kOneThread); });
    if (!refused) break;
    CAPTURE(granted);
    CHECK(counter.Text() == "[]");
  }
}

}  // namespace metrics_runtime::test
