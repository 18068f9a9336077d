// Instruments that are observed: what is left out when they are written.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/instrument.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

using Labels = std::vector<std::string>;
using Slots = std::array<double, 2>;  // value, sequence

constexpr int kOneThread = 1;
constexpr int kOther = 2;

struct Observed {
  explicit Observed(Labels labels, uint32_t max_series = 10)
      : instrument({.name = "n",
                    .fingerprint = "",
                    .labels = std::move(labels),
                    .max_series = max_series,
                    .meaning = SlotMeaning(
                        {.kind = SlotMeaning::Kind::kGauge, .combine = SlotMeaning::Combine::kSum}),
                    .observed = true},
                   std::make_shared<std::atomic<uint64_t>>(0)) {}

  // Without quotation marks.
  [[nodiscard]] std::string Without(const std::vector<const void*>& left_out) {
    std::string text =
        WrittenText([&](ValueWriter& writer) { instrument.Write(writer, left_out); });
    std::erase(text, '"');
    return text;
  }

  Instrument instrument;
};

}  // namespace

TEST_CASE("observed instrument: without labels it is null without a value") {
  Observed gauge({});
  Slots mine{2, 0};
  Slots others{3, 1};
  (void)gauge.instrument.AddSlots({}, mine.data(), &kOneThread);
  CHECK(gauge.Without({}) == "null");
  (void)gauge.instrument.AddSlots({}, others.data(), &kOther);
  mine[1] = 1;
  CHECK(gauge.Without({}) == "5");
  CHECK(gauge.Without({&kOther}) == "2");
  CHECK(gauge.Without({&kOther, &kOneThread}) == "null");
}

TEST_CASE("observed instrument: series without a value are not there") {
  Observed gauge({"a"}, 2);
  Slots x{1, 1};
  Slots y{0, 1};
  Slots over{3, 0};
  CHECK(gauge.Without({}) == "[]");
  (void)gauge.instrument.AddSlots(Labels{"x"}, x.data(), &kOneThread);
  (void)gauge.instrument.AddSlots(Labels{"y"}, y.data(), &kOther);
  (void)gauge.instrument.AddOverflowSlots(over.data(), &kOther);
  CHECK(gauge.Without({}) == "[{labels: {a: x}, value: 1}, {labels: {a: y}, value: 0}]");
  CHECK(gauge.Without({&kOneThread}) == "[{labels: {a: y}, value: 0}]");
  x[1] = 0;
  y[1] = 0;
  over[1] = 1;
  CHECK(gauge.Without({}) == "[{labels: {metrics_overflow: true}, value: 3}]");
  CHECK(gauge.Without({&kOther}) == "[]");
}

TEST_CASE("observed instrument: a copy of one that is observed is one too") {
  Observed gauge({"a"});
  Slots x{1, 1};
  Slots y{2, 0};
  (void)gauge.instrument.AddSlots(Labels{"x"}, x.data(), &kOneThread);
  (void)gauge.instrument.AddSlots(Labels{"y"}, y.data(), &kOneThread);
  const auto copy = gauge.instrument.Copy();
  x[1] = 0;
  std::string text = WrittenText([&](ValueWriter& writer) { copy->Write(writer); });
  std::erase(text, '"');
  CHECK(text == "[{labels: {a: x}, value: 1}]");
}

TEST_CASE("observed instrument: a series that no thread has slots for any more makes room") {
  Observed gauge({"a"}, 1);
  Slots x{1, 1};
  Slots y{2, 1};
  Slots z{3, 1};
  const auto add = [&](const std::string& label, Slots& slots) {
    return gauge.instrument.AddSlots(Labels{label}, slots.data(), &kOneThread);
  };
  REQUIRE(add("x", x) == Instrument::Added::kSeries);
  CHECK(add("y", y) == Instrument::Added::kOverflow);
  CHECK(gauge.instrument.RemoveSlots(x.data()));
  CHECK(add("y", y) == Instrument::Added::kSeries);
  CHECK(gauge.Without({}) == "[{labels: {a: y}, value: 2}]");
  gauge.instrument.Fold(&kOneThread);  // as when the thread ends
  CHECK(add("z", z) == Instrument::Added::kSeries);
  CHECK(gauge.Without({}) == "[{labels: {a: z}, value: 3}]");
}

TEST_CASE("observed instrument: a gauge that is not observed keeps what a thread has set") {
  Instrument gauge({.name = "n",
                    .fingerprint = "",
                    .labels = {"a"},
                    .meaning = SlotMeaning({.kind = SlotMeaning::Kind::kGauge,
                                            .combine = SlotMeaning::Combine::kLast})},
                   std::make_shared<std::atomic<uint64_t>>(0));
  Slots x{1, 1};
  Slots y{2, 0};
  (void)gauge.AddSlots(Labels{"x"}, x.data(), &kOneThread);
  (void)gauge.AddSlots(Labels{"y"}, y.data(), &kOneThread);
  const std::vector<const void*> left_out{&kOneThread};
  std::string text = WrittenText([&](ValueWriter& writer) { gauge.Write(writer, left_out); });
  std::erase(text, '"');
  CHECK(text == "[{labels: {a: x}, value: 1}, {labels: {a: y}, value: null}]");
}

}  // namespace metrics_runtime::test
