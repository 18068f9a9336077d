#include "core/instrument.h"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cmath>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/shared_word.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

using Added = Instrument::Added;
using Labels = std::vector<std::string>;

constexpr int kOneThread = 1;
constexpr int kOther = 2;

struct Instrumented {
  explicit Instrumented(Labels labels, uint32_t max_series = 10,
                        SlotMeaning::Kind kind = SlotMeaning::Kind::kSum,
                        SlotMeaning::Combine combine = SlotMeaning::Combine::kLast)
      : instrument({.name = "n",
                    .fingerprint = "",
                    .labels = std::move(labels),
                    .max_series = max_series,
                    .meaning = SlotMeaning({.kind = kind, .combine = combine})},
                   overflows) {}

  // Without quotation marks.
  [[nodiscard]] static std::string TextOf(Instrument& one) {
    std::string text = WrittenText([&](ValueWriter& writer) { one.Write(writer); });
    std::erase(text, '"');
    return text;
  }
  [[nodiscard]] std::string Text() { return TextOf(instrument); }

  std::shared_ptr<std::atomic<uint64_t>> overflows = std::make_shared<std::atomic<uint64_t>>(0);
  Instrument instrument;
};

}  // namespace

TEST_CASE("instrument: without labels it is the sum over its threads from the beginning") {
  Instrumented counter({});
  CHECK(counter.Text() == "0");
  double mine = 2;
  double others = 0.5;
  CHECK(counter.instrument.AddSlots({}, &mine, &kOneThread) == Added::kSeries);
  CHECK(counter.instrument.AddSlots({}, &others, &kOther) == Added::kSeries);
  CHECK(counter.Text() == "2.5");
  mine = 10;
  CHECK(counter.Text() == "10.5");
}

TEST_CASE("instrument: the same labels are one series over threads, others are another") {
  Instrumented counter({"a", "b"});
  CHECK(counter.Text() == "[]");
  std::array<double, 4> slots = {1, 2, 4, 8};
  CHECK(counter.instrument.AddSlots(Labels{"x", "y"}, &slots[0], &kOneThread) == Added::kSeries);
  CHECK(counter.instrument.AddSlots(Labels{"y", "x"}, &slots[1], &kOneThread) == Added::kSeries);
  CHECK(counter.instrument.AddSlots(Labels{"x", "y"}, &slots[2], &kOther) == Added::kSeries);
  CHECK(counter.instrument.AddSlots(Labels{"", "xy"}, &slots[3], &kOther) == Added::kSeries);
  CHECK(counter.Text() ==
        "[{labels: {a: x, b: y}, value: 5}, {labels: {a: y, b: x}, value: 2}, "
        "{labels: {a: , b: xy}, value: 8}]");
}

TEST_CASE("instrument: beyond its limit labels are refused and counted, and the overflow is last") {
  Instrumented counter({"a"}, 1);
  double one = 1;
  double rest = 7;
  CHECK(counter.instrument.AddSlots(Labels{"x"}, &one, &kOneThread) == Added::kSeries);
  CHECK(counter.instrument.AddSlots(Labels{"y"}, &rest, &kOneThread) == Added::kOverflow);
  CHECK(counter.instrument.AddSlots(Labels{"z"}, &rest, &kOneThread) == Added::kOverflow);
  CHECK(counter.overflows->load() == 2);
  CHECK(counter.Text() == "[{labels: {a: x}, value: 1}]");
  CHECK(counter.instrument.AddOverflowSlots(&rest, &kOneThread) == Added::kOverflow);
  CHECK(counter.instrument.AddSlots(Labels{"x"}, &rest, &kOther) == Added::kSeries);
  CHECK(counter.Text() ==
        "[{labels: {a: x}, value: 8}, {labels: {metrics_overflow: true}, value: 7}]");
}

TEST_CASE("instrument: what a thread has added stays when it ends, and its slots are not read") {
  Instrumented counter({"a"}, 1);
  auto series = std::make_unique<double>(3);
  auto overflow = std::make_unique<double>(4);
  double others = 10;
  (void)counter.instrument.AddSlots(Labels{"x"}, series.get(), &kOneThread);
  (void)counter.instrument.AddSlots(Labels{"x"}, &others, &kOther);
  (void)counter.instrument.AddOverflowSlots(overflow.get(), &kOneThread);
  counter.instrument.Fold(&kOneThread);
  series.reset();  // AddressSanitizer watches from here
  overflow.reset();
  others = 20;
  const std::string expected =
      "[{labels: {a: x}, value: 23}, {labels: {metrics_overflow: true}, value: 4}]";
  CHECK(counter.Text() == expected);
  counter.instrument.Fold(&kOneThread);
  CHECK(counter.Text() == expected);
}

TEST_CASE("instrument: a gauge's sum leaves with its thread, and stays when all is closed") {
  Instrumented gauge({}, 1, SlotMeaning::Kind::kGauge, SlotMeaning::Combine::kSum);
  std::array<double, 2> mine = {3, 1};
  std::array<double, 2> others = {4, 1};
  (void)gauge.instrument.AddSlots({}, mine.data(), &kOneThread);
  (void)gauge.instrument.AddSlots({}, others.data(), &kOther);
  CHECK(gauge.Text() == "7");
  gauge.instrument.Fold(&kOneThread);
  CHECK(gauge.Text() == "4");
  gauge.instrument.Close();
  others[0] = 9;
  CHECK(gauge.Text() == "4");
}

TEST_CASE("instrument: once closed it takes no slots and keeps its value") {
  Instrumented counter({});
  double mine = 3;
  (void)counter.instrument.AddSlots({}, &mine, &kOneThread);
  counter.instrument.Close();
  mine = 8;
  CHECK(counter.instrument.AddSlots({}, &mine, &kOneThread) == Added::kClosed);
  CHECK(counter.instrument.AddOverflowSlots(&mine, &kOneThread) == Added::kClosed);
  CHECK(counter.Text() == "3");
}

TEST_CASE("instrument: a copy has the values of its moment, and the labels") {
  Instrumented counter({"a"}, 1);
  double one = 1;
  double rest = 2;
  (void)counter.instrument.AddSlots(Labels{"x"}, &one, &kOneThread);
  (void)counter.instrument.AddOverflowSlots(&rest, &kOneThread);
  const auto copy = counter.instrument.Copy();
  const std::string expected = counter.Text();
  one = rest = 100;
  CHECK(Instrumented::TextOf(*copy) == expected);
  CHECK(copy->AddSlots(Labels{"x"}, &one, &kOneThread) == Added::kClosed);
}

TEST_CASE("instrument: no reading is torn or goes down while threads write and end") {
  constexpr size_t kThreads = 4;
  constexpr int kRounds = 200;
  constexpr int kAdds = 2'000;
  Instrumented counter({});
  std::atomic<size_t> ended{0};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const std::array<char, 1> self{};
      for (int round = 0; round < kRounds; ++round) {
        auto slot = std::make_unique<double>(0);
        (void)counter.instrument.AddSlots({}, slot.get(), &self);
        // Odd halves: a torn sum would not be a multiple of one half, or jump.
        for (int n = 0; n < kAdds; ++n) StoreRelaxed(slot.get(), *slot + 0.5);
        counter.instrument.Fold(&self);
      }
      ended.fetch_add(1);
    });
  }
  double before = 0;
  while (ended.load() < kThreads) {
    const double now = std::stod(counter.Text());
    CHECK(now >= before);
    CHECK(std::floor(2 * now) == 2 * now);
    before = now;
  }
  for (auto& thread : threads) thread.join();
  CHECK(std::stod(counter.Text()) == kThreads * kRounds * kAdds * 0.5);
}

}  // namespace metrics_runtime::test
