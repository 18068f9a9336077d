#include "core/exposition/rendering.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/metric_set.h"
#include "core/shared_word.h"
#include "support/fields.h"
#include "support/inflated.h"
#include "support/refused_memory.h"

namespace metrics_runtime::test {

namespace {

using Format = ExpositionFormat;
using Labels = std::vector<std::string>;
using Lines = std::vector<std::string>;

constexpr std::array kFormats = {Format::kPrometheusText, Format::kOpenMetrics,
                                 Format::kPrometheusProtobuf, Format::kJson};
constexpr int kOneThread = 1;
constexpr int kOther = 2;
constexpr uint32_t kNotInThisTest = 3'600'000;
constexpr size_t kManySteps = 1'000'000;

const Rendering::NumbersOf kNoNumbers = [](const RenderedRecorder*) {
  return std::vector<RenderedNumber>();
};

void Remove(Instrument& instrument, const double* slots) {
  while (!instrument.RemoveSlots(slots)) std::this_thread::yield();
}

// The metrics of one recorder.
struct Owner {
  Owner(std::string called, EventClassRegistry& of, std::shared_ptr<FamilyRegistry> families,
        std::string entity = "")
      : id(std::move(called)),
        entity_id(std::move(entity)),
        classes(of),
        set(std::make_unique<MetricSet>(MetricSet::Scope{
            .families = std::move(families), .name_space = "app", .recorder = this})) {}

  [[nodiscard]] RenderedRecorder Rendered(std::vector<const void*> left_out = {}) const {
    return {.id = id, .entity_id = entity_id, .metrics = set->exposed(), .left_out = left_out};
  }
  std::shared_ptr<Instrument> Add(InstrumentDefinition definition) {
    MetricSet::Refusal refusal;
    auto instrument = set->AddInstrument(std::move(definition), classes.strings(), refusal);
    REQUIRE(instrument != nullptr);
    return instrument;
  }
  // A counter by "k" whose series end when their slots are removed.
  std::shared_ptr<Instrument> AddCounter(const std::string& name, uint32_t max_series = 10'000) {
    return Add({.name = name,
                .fingerprint = "",
                .labels = {"k"},
                .max_series = max_series,
                .expire_after_ms = kNotInThisTest,
                .meaning = SlotMeaning({.kind = SlotMeaning::Kind::kSum}),
                .monotonic = true});
  }

  std::string id;
  std::string entity_id;
  EventClassRegistry& classes;
  std::unique_ptr<MetricSet> set;
};

// Recorders whose events have a label, a number and a value.
struct Owners {
  Owner& Make(std::string id, std::string entity = "") {
    return owners.emplace_back(std::move(id), classes, families, std::move(entity));
  }
  [[nodiscard]] MetricDefinition MetricOf(std::string name, AggregationKind kind,
                                          uint32_t max_series, bool grouped = true) const {
    DimensionDefinition dimension{
        .name = "d",
        .aggregation = {.kind = kind,
                        .bounds = {-1, 1, 10},
                        .quantiles = {{.q = 0.5, .name = "0.5"}, {.q = 0.99, .name = "0.99"}}},
        .sources = {{.event_class = &save, .value = EventValue::Field(save, 1)}},
        .group_by = {.max_series = max_series},
        .help = "Help."};
    if (grouped) {
      dimension.sources[0].by = {save.offset(0)};
      dimension.group_by.fields = {save.fields()[0]};
    }
    return {.name = std::move(name), .fingerprint = "", .dimensions = {dimension}};
  }
  // A metric of every aggregation, grouped and not, some overflowing, with values; and instruments
  // of every kind.
  void Fill(Owner& owner, uint32_t series) {
    for (int kind = 0; kind <= static_cast<int>(AggregationKind::kDistinct); ++kind) {
      const auto aggregation = static_cast<AggregationKind>(kind);
      const std::string name = "m" + std::to_string(kind);
      owner.set->Register(MetricOf(name, aggregation, series - series / 4), classes.strings());
      owner.set->Register(MetricOf(name + "_one", aggregation, 1, false), classes.strings());
    }
    for (uint32_t i = 0; i < series; ++i) Record(owner, i, i * 0.75 - 5);
    for (uint32_t i = 0; i < series; i += 2) Record(owner, i, 1);
    constexpr std::array kKinds = {SlotMeaning::Kind::kSum, SlotMeaning::Kind::kGauge,
                                   SlotMeaning::Kind::kHistogram, SlotMeaning::Kind::kExponential};
    for (const SlotMeaning::Kind kind : kKinds) {
      const auto instrument = owner.Add({.name = "i" + std::to_string(static_cast<int>(kind)),
                                         .fingerprint = "",
                                         .labels = {"k", "l"},
                                         .max_series = series,
                                         .meaning = SlotMeaning({.kind = kind, .bounds = {1, 5}})});
      for (uint32_t i = 0; i < series; ++i) {
        const double* const own =
            slots.emplace_back(std::array<double, 6>{i + 1.0, 1, 2, 3, 4, 5}).data();
        (void)instrument->AddSlots(Labels{std::to_string(i), "\"x\"\n"}, own, &kOneThread);
      }
      (void)instrument->AddOverflowSlots(slots.back().data(), &kOneThread);
    }
  }
  void Record(Owner& owner, uint32_t number, double value) const {
    alignas(8) std::array<std::byte, 24> bytes{};
    std::memcpy(&bytes[save.offset(0)], &number, sizeof number);
    std::memcpy(&bytes[save.offset(1)], &value, sizeof value);
    REQUIRE(owner.set->Dispatch(save, EventRecord(bytes.data())) == nullptr);
  }
  [[nodiscard]] std::vector<RenderedRecorder> Rendered() const {
    std::vector<RenderedRecorder> all;
    for (const Owner& owner : owners) all.push_back(owner.Rendered());
    return all;
  }

  EventClassRegistry classes;
  const EventClass& save = Registered(classes, "save", {Uint32("number"), Float64("value")});
  std::shared_ptr<FamilyRegistry> families = std::make_shared<FamilyRegistry>();
  std::deque<Owner> owners;
  std::deque<std::array<double, 6>> slots;
};

std::string Taken(Rendering& rendering) {
  const RenderedBytes taken = rendering.Take();
  return {taken.bytes.get(), taken.size};
}

// In one step.
std::string Whole(Format format, std::vector<RenderedRecorder> recorders,
                  const Rendering::NumbersOf& numbers_of = kNoNumbers, bool gzip = false) {
  Rendering rendering(format, gzip, std::move(recorders), numbers_of);
  REQUIRE(rendering.Step(Rendering::Clock::time_point::max()));
  return Taken(rendering);
}

// In as many as there can be; `before` is called before each of them with how many there were.
size_t StepThrough(Rendering& rendering, const std::function<void(size_t)>& before = {}) {
  size_t steps = 0;
  for (bool done = false; !done && steps < kManySteps; ++steps) {
    if (before) before(steps);
    done = rendering.Step(Rendering::Clock::time_point::min());
  }
  REQUIRE(steps < kManySteps);
  return steps;
}

std::string Sliced(Format format, std::vector<RenderedRecorder> recorders,
                   const std::function<void(size_t)>& before = {}) {
  Rendering rendering(format, false, std::move(recorders), kNoNumbers);
  (void)StepThrough(rendering, before);
  return Taken(rendering);
}

// The samples of Prometheus text.
Lines SamplesOf(const std::string& text) {
  Lines lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    REQUIRE(end != std::string::npos);
    if (text[at] != '#') lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string ValueOf(const std::string& line) { return line.substr(line.rfind(' ') + 1); }

std::string Text(std::vector<RenderedRecorder> recorders) {
  return Whole(Format::kPrometheusText, std::move(recorders));
}

}  // namespace

TEST_CASE("rendering: of nothing is what each format has for nothing") {
  CHECK(Whole(Format::kPrometheusText, {}).empty());
  CHECK(Whole(Format::kOpenMetrics, {}) == "# EOF\n");
  CHECK(Whole(Format::kPrometheusProtobuf, {}).empty());
  CHECK(Whole(Format::kJson, {}) == "{\"families\":[]}");
  for (const Format format : kFormats) {
    CHECK(Inflated(Whole(format, {}, kNoNumbers, true)) == Whole(format, {}));
  }
  Rendering rendering(Format::kPrometheusText, false, {}, kNoNumbers);
  REQUIRE(rendering.Step(Rendering::Clock::time_point::max()));
  CHECK(rendering.Step(Rendering::Clock::time_point::max()));  // and stays so
  CHECK(rendering.Take().bytes != nullptr);
}

TEST_CASE("rendering: in the smallest steps is what it is in one whatever the format") {
  Owners owners;
  owners.Fill(owners.Make("a"), 100);
  owners.Fill(owners.Make("b", "entity-of-b"), 30);
  for (const Format format : kFormats) {
    CAPTURE(static_cast<int>(format));
    Rendering rendering(format, false, owners.Rendered(), kNoNumbers);
    const size_t steps = StepThrough(rendering);
    CHECK(steps > 200);
    CHECK(rendering.Step(Rendering::Clock::time_point::min()));
    const std::string sliced = Taken(rendering);
    CHECK(sliced.size() > 10'000);
    CHECK((sliced == Whole(format, owners.Rendered())));
  }
}

TEST_CASE("rendering: compressed it is the same when it is inflated whatever the steps") {
  Owners owners;
  owners.Fill(owners.Make("a"), 300);
  for (const Format format : kFormats) {
    CAPTURE(static_cast<int>(format));
    const std::string plain = Whole(format, owners.Rendered());
    CHECK(plain.size() > 100'000);
    const std::string compressed = Whole(format, owners.Rendered(), kNoNumbers, true);
    CHECK(compressed.size() < plain.size() / 4);
    CHECK((Inflated(compressed) == plain));
    Rendering rendering(format, true, owners.Rendered(), kNoNumbers);
    (void)StepThrough(rendering);
    CHECK((Taken(rendering) == compressed));
  }
}

TEST_CASE("rendering: no step takes more than a little of it") {
  Owners owners;
  Owner& a = owners.Make("a");
  const auto counter = a.AddCounter("n", 5'000);
  for (int i = 0; i < 5'000; ++i) {
    (void)counter->AddSlots(Labels{std::to_string(i)}, owners.slots.emplace_back().data(),
                            &kOneThread);
  }
  Rendering rendering(Format::kPrometheusText, false, owners.Rendered(), kNoNumbers);
  const size_t steps = StepThrough(rendering);
  CHECK(steps > 5'000 / 64 + Taken(rendering).size() / 16'384);
}

TEST_CASE("rendering: the larger series are the fewer are copied in a step") {
  constexpr uint32_t kSeries = 100;
  const auto steps_of = [](double ratio) {
    Owners owners;
    Owner& a = owners.Make("a");
    a.set->Register(owners.MetricOf("m", AggregationKind::kQuantiles, kSeries),
                    owners.classes.strings());
    for (uint32_t i = 0; i < kSeries; ++i) {
      for (const double value : {ratio, 1 / ratio, -ratio, -1 / ratio}) owners.Record(a, i, value);
    }
    Rendering rendering(Format::kPrometheusText, false, owners.Rendered(), kNoNumbers);
    return StepThrough(rendering);
  };
  // 2 * 16 bins each, and 2 * 2048, some 16 000 of which are looked at in a step.
  CHECK(steps_of(1e9) - steps_of(1) > kSeries * 4'000 / 16'384 - 4);
}

TEST_CASE("rendering: the larger series are the fewer are rendered in a step") {
  constexpr uint32_t kSeries = 100;
  std::vector<double> bounds(200);
  for (size_t i = 0; i < bounds.size(); ++i) bounds[i] = static_cast<double>(i);
  const std::vector<double> slots(bounds.size() + 4);
  // Text has the labels in each line.
  const std::map<Format, size_t> label_bytes = {{Format::kPrometheusText, 200},
                                                {Format::kOpenMetrics, 200},
                                                {Format::kPrometheusProtobuf, 20'000},
                                                {Format::kJson, 20'000}};
  for (const auto& [format, bytes] : label_bytes) {
    CAPTURE(static_cast<int>(format));
    Owners owners;
    const auto histogram = owners.Make("a").Add(
        {.name = "h",
         .fingerprint = "",
         .labels = {"k"},
         .meaning = SlotMeaning({.kind = SlotMeaning::Kind::kHistogram, .bounds = bounds})});
    for (uint32_t i = 0; i < kSeries; ++i) {
      (void)histogram->AddSlots(Labels{std::to_string(i) + std::string(bytes, 'x')}, slots.data(),
                                &kOneThread);
    }
    Rendering rendering(format, false, owners.Rendered(), kNoNumbers);
    const size_t steps = StepThrough(rendering);
    // Each is a step of its own; others put together what there is.
    CHECK(steps > kSeries + Taken(rendering).size() / ByteChunks::kChunkBytes);
  }
}

TEST_CASE("rendering: its memory follows what is there") {
  constexpr uint32_t kMany = 2'000;
  constexpr size_t kBuckets = 12;
  const std::vector<double> bounds = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const std::array<double, kBuckets + 3> slots{};
  const auto histogram = [&](std::string name, Labels labels) -> InstrumentDefinition {
    return {.name = std::move(name),
            .fingerprint = "",
            .labels = std::move(labels),
            .meaning = SlotMeaning({.kind = SlotMeaning::Kind::kHistogram, .bounds = bounds})};
  };
  Owners owners;
  Owner& many_metrics = owners.Make("a");
  for (uint32_t i = 0; i < kMany; ++i) {
    (void)many_metrics.Add(histogram("h" + std::to_string(i), {}))
        ->AddSlots(Labels{}, slots.data(), &kOneThread);
  }
  Owner& many_series = owners.Make("b");
  const auto one = many_series.Add(histogram("one", {"k"}));
  for (uint32_t i = 0; i < kMany; ++i) {
    (void)one->AddSlots(Labels{std::to_string(i)}, slots.data(), &kOneThread);
  }
  const auto bytes_each = [](const std::function<void()>& render) {
    const uint64_t before = BytesGiven();
    render();
    return (BytesGiven() - before) / kMany;
  };
  // With some 800 for the text, 200 for what copies an instrument's slots.
  const auto text_of = [](const Owner& owner) { return Text({owner.Rendered()}); };
  CHECK(bytes_each([&] { (void)text_of(many_metrics); }) < 2'500);
  CHECK(bytes_each([&] { (void)text_of(many_series); }) < 2'000);
  // Numbers that no metric has.
  const Family family{.name = "own"};
  const auto numbers_of = [&](const RenderedRecorder* recorder) {
    return std::vector<RenderedNumber>(recorder == nullptr ? kMany : 0, {&family, 1.5, 7});
  };
  CHECK(bytes_each([&] { (void)Whole(Format::kPrometheusText, {}, numbers_of); }) < 300);
}

TEST_CASE("rendering: is of one epoch and sees nothing that comes after the last copy") {
  constexpr uint32_t kSeries = 2'000;
  Owners owners;
  // Of every recorder an instrument and a dimension.
  std::deque<double> counted;
  for (const char* const id : {"a", "b"}) {
    Owner& owner = owners.Make(id);
    const auto counter = owner.AddCounter("n");
    for (uint32_t i = 0; i < kSeries; ++i) {
      (void)counter->AddSlots(Labels{std::to_string(i)}, &counted.emplace_back(), &kOneThread);
    }
    owner.set->Register(owners.MetricOf("m", AggregationKind::kLast, kSeries),
                        owners.classes.strings());
    for (uint32_t i = 0; i < kSeries; ++i) owners.Record(owner, i, 0);
  }
  Rendering rendering(Format::kPrometheusText, false, owners.Rendered(), kNoNumbers);
  // Before step s everything is made s.
  const size_t steps = StepThrough(rendering, [&](size_t step) {
    for (double& slot : counted) slot = static_cast<double>(step);
    for (Owner& owner : owners.owners) {
      for (uint32_t i = 0; i < kSeries; ++i) owners.Record(owner, i, static_cast<double>(step));
    }
  });
  const Lines lines = SamplesOf(Taken(rendering));
  REQUIRE(lines.size() == 4 * kSeries);
  double latest = 0;
  std::map<std::string, double> latest_of;  // by family and recorder
  for (const std::string& line : lines) {
    const double value = std::stod(ValueOf(line));
    latest = std::max(latest, value);
    // Of one part the later series are copied later.
    double& before = latest_of[line.substr(0, line.find(','))];
    CHECK(value >= before);
    before = value;
  }
  CHECK(latest_of.size() == 4);
  CHECK(latest > 4 * kSeries / 64);
  // All of the rendering comes after it.
  CHECK(static_cast<double>(steps) - latest > 4 * kSeries / 256);
}

TEST_CASE("rendering: families of several recorders are one in the order of their first") {
  Owners owners;
  Owner& a = owners.Make("a", "a");
  Owner& b = owners.Make("b", "e");
  Owner& c = owners.Make("c");
  const double slot = 1;
  const auto add = [&](Owner& owner, const std::string& name) {
    (void)owner.AddCounter(name)->AddSlots(Labels{"x"}, &slot, &kOneThread);
  };
  add(a, "one");
  add(b, "two");
  add(b, "one");
  add(c, "two");
  add(c, "three");
  add(c, "one");
  CHECK(Text(owners.Rendered()) ==
        "# TYPE app_one_total counter\n"
        "app_one_total{recorder=\"a\",k=\"x\"} 1\n"
        "app_one_total{recorder=\"b\",entity=\"e\",k=\"x\"} 1\n"
        "app_one_total{recorder=\"c\",k=\"x\"} 1\n"
        "# TYPE app_two_total counter\n"
        "app_two_total{recorder=\"b\",entity=\"e\",k=\"x\"} 1\n"
        "app_two_total{recorder=\"c\",k=\"x\"} 1\n"
        "# TYPE app_three_total counter\n"
        "app_three_total{recorder=\"c\",k=\"x\"} 1\n");
}

TEST_CASE("rendering: a family without a series is left out and so is one that has ended") {
  Owners owners;
  Owner& a = owners.Make("a");
  (void)a.AddCounter("none");
  const auto ended = a.AddCounter("ended");
  const double slot = 1;
  (void)ended->AddSlots(Labels{"x"}, &slot, &kOneThread);
  Remove(*ended, &slot);
  a.set->Register(owners.MetricOf("no_value", AggregationKind::kMax, 10, false),
                  owners.classes.strings());
  a.set->Register(owners.MetricOf("no_series", AggregationKind::kCount, 10),
                  owners.classes.strings());
  // A custom metric has no family.
  a.set->Register({.name = "custom", .thread = &kOneThread}, owners.classes.strings());
  CHECK(Text(owners.Rendered()).empty());
  CHECK(Whole(Format::kJson, owners.Rendered()) == "{\"families\":[]}");
  // Of one recorder alone it does not matter.
  Owner& b = owners.Make("b");
  (void)b.AddCounter("none")->AddSlots(Labels{"x"}, &slot, &kOneThread);
  CHECK(Text(owners.Rendered()) ==
        "# TYPE app_none_total counter\napp_none_total{recorder=\"b\",k=\"x\"} 1\n");
}

TEST_CASE("rendering: the overflow is a series with a label of its own") {
  Owners owners;
  Owner& a = owners.Make("a", "e");
  const auto counter = a.AddCounter("n", 1);
  const std::array<double, 2> slots = {1, 2};
  (void)counter->AddSlots(Labels{"x"}, &slots[0], &kOneThread);
  (void)counter->AddOverflowSlots(&slots[1], &kOneThread);
  a.set->Register(owners.MetricOf("m", AggregationKind::kCount, 1), owners.classes.strings());
  for (uint32_t i = 7; i < 10; ++i) owners.Record(a, i, 1);
  CHECK(SamplesOf(Text(owners.Rendered())) ==
        Lines{"app_n_total{recorder=\"a\",entity=\"e\",k=\"x\"} 1",
              "app_n_total{recorder=\"a\",entity=\"e\",metrics_overflow=\"true\"} 2",
              "app_m_d_total{recorder=\"a\",entity=\"e\",number=\"7\"} 1",
              "app_m_d_total{recorder=\"a\",entity=\"e\",metrics_overflow=\"true\"} 2"});
}

TEST_CASE("rendering: what threads observed that were left out is in that recorder not shown") {
  Owners owners;
  const std::array<double, 2> mine = {1, 1};
  const std::array<double, 2> others = {2, 1};
  for (const char* const id : {"a", "b"}) {
    Owner& owner = owners.Make(id);
    for (const bool observed : {true, false}) {
      const auto gauge = owner.Add({.name = observed ? "observed" : "set",
                                    .fingerprint = "",
                                    .labels = {"k"},
                                    .meaning = SlotMeaning({.kind = SlotMeaning::Kind::kGauge}),
                                    .observed = observed});
      (void)gauge->AddSlots(Labels{"x"}, mine.data(), &kOneThread);
      (void)gauge->AddSlots(Labels{"y"}, others.data(), &kOther);
      (void)gauge->AddOverflowSlots(others.data(), &kOther);
    }
  }
  std::vector<RenderedRecorder> recorders = owners.Rendered();
  recorders[0].left_out = {&kOther};
  const Lines lines = SamplesOf(Text(std::move(recorders)));
  CHECK(lines == Lines{"app_observed{recorder=\"a\",k=\"x\"} 1",
                       "app_observed{recorder=\"b\",k=\"x\"} 1",
                       "app_observed{recorder=\"b\",k=\"y\"} 2",
                       "app_observed{recorder=\"b\",metrics_overflow=\"true\"} 2",
                       "app_set{recorder=\"a\",k=\"x\"} 1", "app_set{recorder=\"a\",k=\"y\"} 2",
                       "app_set{recorder=\"a\",metrics_overflow=\"true\"} 2",
                       "app_set{recorder=\"b\",k=\"x\"} 1", "app_set{recorder=\"b\",k=\"y\"} 2",
                       "app_set{recorder=\"b\",metrics_overflow=\"true\"} 2"});
}

TEST_CASE("rendering: numbers are asked for once of each recorder and once of nobody") {
  Owners owners;
  owners.Fill(owners.Make("a"), 50);
  owners.Fill(owners.Make("b", "e"), 5);
  const Family of_recorder{.name = "own_depth"};
  const Family of_nobody{.name = "own_renders", .type = FamilyType::kCounter, .unit = ""};
  Lines asked;
  const auto numbers_of = [&](const RenderedRecorder* recorder) -> std::vector<RenderedNumber> {
    asked.push_back(recorder == nullptr ? "nobody" : recorder->id);
    if (recorder == nullptr) return {{&of_nobody, 1.5, 7}};
    return {{&of_recorder, 1.5, static_cast<double>(asked.size())}, {&of_nobody, 1.5, 0}};
  };
  for (const Format format : kFormats) {
    asked.clear();
    const std::string whole = Whole(format, owners.Rendered(), numbers_of);
    CHECK(asked == Lines{"a", "b", "nobody"});
    Rendering rendering(format, false, owners.Rendered(), numbers_of);
    asked.clear();
    (void)StepThrough(rendering);
    CHECK(asked == Lines{"a", "b", "nobody"});
    CHECK((Taken(rendering) == whole));
  }
  const std::string text = Whole(Format::kPrometheusText, owners.Rendered(), numbers_of);
  CHECK(text.find("# TYPE own_depth gauge\nown_depth{recorder=\"a\"} 4\n"
                  "own_depth{recorder=\"b\",entity=\"e\"} 5\n") != std::string::npos);
  CHECK(text.find("own_renders_total{recorder=\"a\"} 0\n"
                  "own_renders_total{recorder=\"b\",entity=\"e\"} 0\n"
                  "own_renders_total 7\n") != std::string::npos);
}

TEST_CASE("rendering: events may come between the steps") {
  Owners owners;
  Owner& a = owners.Make("a");
  a.set->Register(owners.MetricOf("m", AggregationKind::kCount, 500), owners.classes.strings());
  for (uint32_t i = 0; i < 100; ++i) owners.Record(a, i, 1);
  uint32_t next = 100;
  const std::string text = Sliced(Format::kPrometheusText, owners.Rendered(),
                                  [&](size_t) { owners.Record(a, next++, 1); });
  Lines expected;
  for (uint32_t i = 0; i < 100; ++i) {
    expected.push_back("app_m_d_total{recorder=\"a\",number=\"" + std::to_string(i) + "\"} 1");
  }
  // That which was there when the metric was listed: the step before, one came.
  expected.push_back("app_m_d_total{recorder=\"a\",number=\"100\"} 1");
  CHECK(SamplesOf(text) == expected);
}

TEST_CASE("rendering: what was replaced or forgotten between two steps is shown as it was listed") {
  for (size_t when = 0; when < 40; ++when) {
    CAPTURE(when);
    Owners owners;
    auto a = std::make_unique<Owner>("a", owners.classes, owners.families);
    a->set->Register(owners.MetricOf("m", AggregationKind::kHistogram, 50),
                     owners.classes.strings());
    a->set->Register(owners.MetricOf("n", AggregationKind::kQuantiles, 50),
                     owners.classes.strings());
    for (uint32_t i = 0; i < 50; ++i) owners.Record(*a, i, 1);
    const auto counter = a->AddCounter("c");
    for (int i = 0; i < 50; ++i) {
      (void)counter->AddSlots(Labels{std::to_string(i)}, owners.slots.emplace_back().data(),
                              &kOneThread);
    }
    const std::string expected = Text({a->Rendered()});
    const std::string text = Sliced(Format::kPrometheusText, {a->Rendered()}, [&](size_t step) {
      if (step == when) {
        auto other = owners.MetricOf("m", AggregationKind::kCount, 50);
        other.fingerprint = "other";
        REQUIRE_FALSE(a->set->Register(std::move(other), owners.classes.strings()));
        a->set->Forget(&kOneThread);
      }
      if (step == when + 1) {
        a->set->CloseInstruments();
        a->set->GiveUpClaims();
      }
      if (step == when + 2) a.reset();
    });
    CHECK((text == expected));
  }
}

TEST_CASE("rendering: series that come and go between the steps are never mixed up") {
  constexpr int kInstruments = 3;
  for (const uint32_t seed : {1u, 2u, 3u, 4u, 5u, 6u}) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto below = [&](size_t limit) { return static_cast<size_t>(random() % limit); };
    Owners owners;
    Owner& a = owners.Make("a");
    Owner& b = owners.Make("b");
    struct Held {
      double slot;
      Instrument* instrument;
      bool used;
    };
    std::deque<Held> held;
    std::vector<std::shared_ptr<Instrument>> instruments;
    for (int i = 0; i < kInstruments; ++i) {
      const std::string name = "n" + std::to_string(i);
      instruments.push_back(a.AddCounter(name));
      instruments.push_back(b.AddCounter(name));
    }
    int next = 0;
    // The value of a series says what its label is.
    const auto add = [&] {
      Instrument* const instrument = instruments[below(instruments.size())].get();
      const int number = below(4) == 0 && next > 0 ? static_cast<int>(below(300)) : next++;
      Held& one = held.emplace_back(Held{static_cast<double>(number), instrument, true});
      for (const Held& other : held) {
        // One thread has slots for a series once.
        if (&other != &one && other.used && other.instrument == instrument &&
            other.slot == one.slot) {
          held.pop_back();
          return;
        }
      }
      (void)instrument->AddSlots(Labels{std::to_string(number)}, &one.slot, &kOneThread);
    };
    const auto remove = [&] {
      Held& one = held[below(held.size())];
      if (std::exchange(one.used, false)) Remove(*one.instrument, &one.slot);
    };
    for (int i = 0; i < 600; ++i) add();
    const auto mischief = [&](size_t) {
      for (size_t i = below(20); i > 0; --i) {
        if (below(2) == 0) {
          add();
        } else {
          remove();
        }
      }
    };
    for (int round = 0; round < 3; ++round) {
      const std::string text = Sliced(Format::kPrometheusText, owners.Rendered(), mischief);
      const Lines lines = SamplesOf(text);
      CHECK(lines.size() > 100);
      std::set<std::string> seen;
      for (const std::string& line : lines) {
        REQUIRE(seen.insert(line.substr(0, line.rfind(' '))).second);
        const size_t label = line.find("k=\"") + 3;
        REQUIRE(line.substr(label, line.find('"', label) - label) == ValueOf(line));
      }
      for (int i = 0; i < 500; ++i) remove();
      for (int i = 0; i < 300; ++i) add();
    }
  }
}

namespace {

// A recorder with every kind of metric and one counter; whether somebody holds the counter's
// numbers.
struct Watched {
  explicit Watched(uint32_t series) {
    Owner& a = owners.Make("a", "e");
    owners.Fill(a, series);
    counter = a.AddCounter("n");
  }
  // 100 series end: a new one has them forgotten unless their numbers are held.
  [[nodiscard]] uint32_t NumbersAfterMany() {
    std::deque<double> slots;
    for (int i = 0; i < 100; ++i) {
      (void)counter->AddSlots(Labels{std::to_string(i)}, &slots.emplace_back(), &kOneThread);
    }
    for (const double& slot : slots) Remove(*counter, &slot);
    const double one = 1;
    (void)counter->AddSlots(Labels{"new " + std::to_string(++news)}, &one, &kOneThread);
    const uint32_t numbers = counter->HoldNumbers();
    counter->ReleaseNumbers();
    Remove(*counter, &one);
    return numbers;
  }
  [[nodiscard]] bool IsReleased() { return NumbersAfterMany() == 1; }
  [[nodiscard]] bool IsHeld() { return NumbersAfterMany() > 100; }

  Owners owners;
  std::shared_ptr<Instrument> counter;
  int news = 0;  // one that had a number would come back to it
};

}  // namespace

TEST_CASE("rendering: one that is given up in the middle releases what it held") {
  Watched watched(10);
  size_t steps = 0;
  {
    Rendering rendering(Format::kOpenMetrics, true, watched.owners.Rendered(), kNoNumbers);
    steps = StepThrough(rendering);
  }
  CHECK(watched.IsReleased());
  for (size_t end = 0; end <= steps; ++end) {
    {
      Rendering rendering(Format::kOpenMetrics, end % 2 == 0, watched.owners.Rendered(),
                          kNoNumbers);
      for (size_t i = 0; i < end; ++i) {
        (void)rendering.Step(Rendering::Clock::time_point::min());
      }
    }
    REQUIRE(watched.IsReleased());
  }
}

TEST_CASE("rendering: holds numbers from when a metric is listed until it is rendered") {
  Watched watched(10);
  Rendering rendering(Format::kPrometheusText, false, watched.owners.Rendered(), kNoNumbers);
  REQUIRE(watched.IsReleased());
  REQUIRE_FALSE(rendering.Step(Rendering::Clock::time_point::min()));
  CHECK(watched.IsHeld());
  (void)StepThrough(rendering);
  CHECK(watched.IsReleased());  // though it is still there
}

TEST_CASE("rendering: memory refused at any allocation ends it and nothing is held") {
  Watched watched(9);
  const Family own{.name = "own"};
  const auto numbers_of = [&](const RenderedRecorder*) {
    return std::vector<RenderedNumber>{{&own, 1, 2}};
  };
  for (const Format format : kFormats) {
    for (const bool gzip : {false, true}) {
      CAPTURE(static_cast<int>(format));
      CAPTURE(gzip);
      const std::string expected = Whole(format, watched.owners.Rendered(), numbers_of, gzip);
      std::string text;
      size_t granted = 0;
      size_t size = 0;
      const auto render = [&] {
        Rendering rendering(format, gzip, watched.owners.Rendered(), numbers_of);
        while (!rendering.Step(Rendering::Clock::time_point::min())) {
        }
        const RenderedBytes taken = rendering.Take();
        size = taken.size;
      };
      while (IsRefused(granted, render)) {
        REQUIRE(size == 0);
        if (granted % 16 == 0) REQUIRE(watched.IsReleased());
        ++granted;
      }
      CHECK(granted > 100);
      CHECK(size == expected.size());
      CHECK(watched.IsReleased());
      CHECK((Whole(format, watched.owners.Rendered(), numbers_of, gzip) == expected));
    }
  }
}

TEST_CASE("rendering: one that was refused memory in a step can be given up and another made") {
  Watched watched(9);
  const std::string expected = Text(watched.owners.Rendered());
  const auto make = [&] {
    return std::make_unique<Rendering>(Format::kPrometheusText, false, watched.owners.Rendered(),
                                       kNoNumbers);
  };
  auto whole = make();
  const size_t steps = StepThrough(*whole);
  whole.reset();
  size_t refusals = 0;
  for (size_t at = 0; at < steps; ++at) {
    auto rendering = make();
    for (size_t i = 0; i < at; ++i) (void)rendering->Step(Rendering::Clock::time_point::min());
    const bool refused =
        IsRefused(0, [&] { (void)rendering->Step(Rendering::Clock::time_point::min()); });
    refusals += refused ? 1 : 0;
    rendering.reset();
    REQUIRE(watched.IsReleased());
  }
  CHECK(refusals > 10);
  CHECK((Text(watched.owners.Rendered()) == expected));
}

}  // namespace metrics_runtime::test
