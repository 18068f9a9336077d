// Expositions of a runtime whose thread runs.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/render_job.h"
#include "support/gate.h"
#include "support/held_starts.h"
#include "support/inflated.h"
#include "support/refused_memory.h"
#include "support/running_runtime.h"

namespace metrics_runtime::test {

namespace {

using Kind = Failure::Kind;
using JobPtr = std::shared_ptr<RenderJob>;
using Added = Instrument::Added;

constexpr int kScraper = 1;
constexpr int kOther = 2;

std::string BytesOf(RenderJob& job) {
  const RenderedBytes taken = job.TakeBytes();
  return {taken.bytes.get(), taken.size};
}
// What it has rendered, when it has; "failed" or "not settled".
std::string RenderedBy(const JobPtr& job) {
  if (!job->operation()->Wait(kPatienceNs)) return "not settled";
  return job->operation()->failure().has_value() ? "failed" : BytesOf(*job);
}
// How it failed.
std::optional<Failure> FailureOf(const JobPtr& job) {
  REQUIRE(job->operation()->Wait(kPatienceNs));
  return job->operation()->failure();
}
bool IsSettled(const JobPtr& job) { return job->operation()->Wait(0); }
bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A runtime with recorders that are exposed.
struct Scraped {
  Runtime::RecorderPtr Create(const std::string& id) {
    constexpr uint32_t kQueue = 100;
    auto& producer =
        producers.emplace_back(std::make_unique<RingProducer>(kQueue, [this] { runtime.Wake(); }));
    auto recorder = std::make_shared<Recorder>(
        id, kQueue,
        Recorder::Origin{.families = runtime.families(), .name_space = "app", .entity_id = id});
    REQUIRE_FALSE(runtime.CreateRecorder(recorder, producer->memory()).has_value());
    return recorder;
  }
  // With one series for each label, of as many values.
  std::shared_ptr<Instrument> AddHistogram(const Runtime::RecorderPtr& recorder, uint32_t series) {
    auto added = runtime.AddInstrument(
        recorder, {.name = "h",
                   .fingerprint = "",
                   .labels = {"k"},
                   .max_series = 100'000,
                   .meaning = SlotMeaning({.kind = SlotMeaning::Kind::kHistogram,
                                           .bounds = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}})});
    REQUIRE(Succeeded(added));
    auto& instrument = std::get<std::shared_ptr<Instrument>>(added);
    slots.resize(series);
    for (uint32_t i = 0; i < series; ++i) {
      slots[i][3] = i + 1;
      slots[i][0] = i / 2.0;
      REQUIRE(instrument->AddSlots(std::vector{std::to_string(i)}, slots[i].data(), &kScraper) ==
              Added::kSeries);
    }
    return instrument;
  }
  // A gauge that this thread and another one observe.
  void AddObserved(const Runtime::RecorderPtr& recorder) {
    auto added = runtime.AddInstrument(recorder,
                                       {.name = "g",
                                        .fingerprint = "",
                                        .labels = {"k"},
                                        .meaning = SlotMeaning({.kind = SlotMeaning::Kind::kGauge}),
                                        .observed = true});
    REQUIRE(Succeeded(added));
    auto& gauge = std::get<std::shared_ptr<Instrument>>(added);
    (void)gauge->AddSlots(std::vector<std::string>{"mine"}, mine.data(), &kScraper);
    (void)gauge->AddSlots(std::vector<std::string>{"theirs"}, theirs.data(), &kOther);
  }
  JobPtr Begin(RenderRequest request = {}) {
    return runtime.BeginRender(std::move(request), &kScraper);
  }
  std::string Text(RenderRequest request = {}) { return RenderedBy(Begin(std::move(request))); }

  std::deque<std::array<double, 14>> slots;
  std::array<double, 2> mine = {1, 1};
  std::array<double, 2> theirs = {2, 1};
  std::deque<std::unique_ptr<RingProducer>> producers;  // until the runtime has ended
  RunningRuntime running;
  Runtime& runtime = *running.runtime;
};

// The runtime's thread stands still from when this is made until it is let go: what is posted
// meanwhile comes in one turn.
class StandStill {
 public:
  StandStill(Runtime& runtime, const Runtime::RecorderPtr& recorder,
             std::function<void()> at_last = {})
      : thread_([this, &runtime, recorder, at_last = std::move(at_last)] {
          (void)runtime.RegisterMetric(recorder, {.name = "stands still"}, [&] {
            gate_.Pass();
            if (at_last) at_last();
          });
        }) {
    REQUIRE(gate_.AwaitArrival());
  }
  ~StandStill() { End(); }
  StandStill(const StandStill&) = delete;
  StandStill& operator=(const StandStill&) = delete;

  void Open() { gate_.Open(); }
  void End() {
    Open();
    if (thread_.joinable()) thread_.join();
  }

 private:
  Gate gate_;
  std::thread thread_;
};

// A thread with observable gauges, for which `kOther` stands: it comes whenever it is asked.
class Observing {
 public:
  explicit Observing(Recorder& recorder) : recorder_(recorder) {
    recorder.observers().Add(&kOther, [] {});
    thread_ = std::thread([this] {
      while (!ends_) {
        const auto round = recorder_.observers().Asked(&kOther);
        if (round != Observers::kNone) recorder_.observers().Answer(&kOther, round);
        std::this_thread::yield();
      }
    });
  }
  ~Observing() {
    ends_ = true;
    thread_.join();
  }
  Observing(const Observing&) = delete;
  Observing& operator=(const Observing&) = delete;

 private:
  Recorder& recorder_;
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

// A runtime that ends does so while its jobs are there; they say so.
bool SaysThatItEnds(const JobPtr& job) {
  const auto failure = FailureOf(job);
  return Has(failure, Kind::kRuntimeState) && (failure->runtime_state == RuntimeState::kStopping ||
                                               failure->runtime_state == RuntimeState::kClosed);
}

}  // namespace

TEST_CASE("render: of all has every recorder in order and the runtime itself") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  const auto b = scraped.Create("b");
  (void)scraped.AddHistogram(b, 1);
  REQUIRE_FALSE(scraped.runtime.RegisterMetric(a, scraped.running.Ticks("m")).has_value());
  const std::string text = scraped.Text();
  CHECK(Contains(text, "# TYPE app_m_total counter\napp_m_total{recorder=\"a\"} 0\n"));
  CHECK(Contains(text, "app_h_count{recorder=\"b\",k=\"0\"} 1\n"));
  CHECK(Contains(text,
                 "metrics_runtime_recorder_running{recorder=\"a\"} 1\n"
                 "metrics_runtime_recorder_running{recorder=\"b\"} 1\n"));
  CHECK(Contains(text, "metrics_runtime_queue_limit{recorder=\"b\"} 100\n"));
  CHECK(Contains(text, "\nmetrics_runtime_renders_total 0\n"));
  CHECK(Contains(scraped.Text(), "\nmetrics_runtime_renders_total 1\n"));
}

TEST_CASE("render: of one has that recorder and nothing of others") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  const auto b = scraped.Create("b");
  REQUIRE_FALSE(scraped.runtime.RegisterMetric(a, scraped.running.Ticks("m")).has_value());
  REQUIRE_FALSE(scraped.runtime.RegisterMetric(b, scraped.running.Ticks("m")).has_value());
  const std::string text = scraped.Text({.recorder = b});
  CHECK(Contains(text, "app_m_total{recorder=\"b\"} 0\n"));
  CHECK(Contains(text, "metrics_runtime_recorder_running{recorder=\"b\"} 1\n"));
  CHECK_FALSE(Contains(text, "recorder=\"a\""));
  CHECK_FALSE(Contains(text, "metrics_runtime_renders"));
}

TEST_CASE("render: in every format and compressed") {
  Scraped scraped;
  (void)scraped.AddHistogram(scraped.Create("a"), 500);
  for (const auto format : {ExpositionFormat::kPrometheusText, ExpositionFormat::kOpenMetrics,
                            ExpositionFormat::kPrometheusProtobuf, ExpositionFormat::kJson}) {
    const std::string plain = scraped.Text({.format = format});
    CHECK(plain.size() > 30'000);
    const std::string compressed = scraped.Text({.format = format, .gzip = true});
    CHECK(compressed.size() < plain.size() / 3);
    // The runtime's own numbers are others each time.
    CHECK(Inflated(compressed).size() > plain.size() * 9 / 10);
  }
}

TEST_CASE("render: sees what was accepted before it was asked for") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  REQUIRE_FALSE(scraped.runtime.RegisterMetric(a, scraped.running.Ticks("m")).has_value());
  for (int i = 1; i <= 50; ++i) {
    REQUIRE(scraped.producers[0]->Offer(scraped.running.tick, {1}) ==
            RingProducer::Offered::kAccepted);
    REQUIRE(Contains(scraped.Text(), "app_m_total{recorder=\"a\"} " + std::to_string(i) + "\n"));
  }
}

TEST_CASE("render: of a recorder that is not there says so") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  const auto never = std::make_shared<Recorder>("never", 8u);
  CHECK(Has(FailureOf(scraped.Begin({.recorder = never})), Kind::kNotFound));
  JobPtr waiting;
  JobPtr all;
  {
    StandStill still(scraped.runtime, a);
    waiting = scraped.Begin({.recorder = a});
    all = scraped.Begin();
    std::thread remover([&] { CHECK(scraped.runtime.StopAndRemoveRecorder("a").let_go); });
    still.Open();
    remover.join();
  }
  // Before it was gone or after.
  const auto failure = FailureOf(waiting);
  CHECK((!failure.has_value() || failure->kind == Kind::kNotFound));
  CHECK_FALSE(FailureOf(all).has_value());
  CHECK(Has(FailureOf(scraped.Begin({.recorder = a})), Kind::kNotFound));
  CHECK_FALSE(Contains(scraped.Text(), "recorder=\"a\""));
}

TEST_CASE("render: of one that is stopped has what it had counted") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  REQUIRE_FALSE(scraped.runtime.RegisterMetric(a, scraped.running.Ticks("m")).has_value());
  REQUIRE(scraped.producers[0]->Offer(scraped.running.tick, {1}) ==
          RingProducer::Offered::kAccepted);
  REQUIRE_FALSE(scraped.runtime.StopRecorder("a").has_value());
  for (const auto& recorder : {Runtime::RecorderPtr(), a}) {
    const std::string text = scraped.Text({.recorder = recorder});
    CHECK(Contains(text, "app_m_total{recorder=\"a\"} 1\n"));
    CHECK(Contains(text, "metrics_runtime_recorder_running{recorder=\"a\"} 0\n"));
  }
}

TEST_CASE("render: one whose creation is held is not there yet") {
  RunningRuntime running;
  HeldCreation held(running);
  const auto shows = [&] {
    return Contains(RenderedBy(running.runtime->BeginRender({}, &kScraper)),
                    "recorder=\"" + held.recorder->id() + "\"");
  };
  CHECK_FALSE(shows());
  REQUIRE_FALSE(held.Finish().has_value());
  CHECK(shows());
  CHECK_FALSE(running.runtime->Shutdown().has_value());  // before the memory of its ring goes
}

TEST_CASE("render: before the start and after the end it fails with the runtime's state") {
  const auto runtime = std::make_shared<Runtime>("test");
  const auto fails_in = [&](RuntimeState state) {
    const auto job = runtime->BeginRender({}, &kScraper);
    if (!IsSettled(job)) return false;
    const auto failure = FailureOf(job);
    return Has(failure, Kind::kRuntimeState) && failure->runtime_state == state;
  };
  CHECK(fails_in(RuntimeState::kVirgin));
  REQUIRE_FALSE(runtime->Start().has_value());
  CHECK_FALSE(FailureOf(runtime->BeginRender({}, &kScraper)).has_value());
  REQUIRE_FALSE(runtime->Shutdown().has_value());
  CHECK(fails_in(RuntimeState::kClosed));
  runtime->FailClosed();
  CHECK(fails_in(RuntimeState::kFailure));
}

TEST_CASE("render: jobs that wait when the runtime ends are settled with its state") {
  for (const End& end : kEnds) {
    Scraped scraped;
    const auto a = scraped.Create("a");
    (void)scraped.AddHistogram(a, 1'000);
    std::vector<JobPtr> before;
    std::vector<JobPtr> after;
    std::thread ender;
    {
      StandStill still(scraped.runtime, a);
      for (int i = 0; i < 20; ++i) before.push_back(scraped.Begin());
      ender = std::thread([&] { end(scraped.runtime); });
      REQUIRE(Eventually([&] { return scraped.runtime.state() == RuntimeState::kStopping; }));
      for (int i = 0; i < 20; ++i) after.push_back(scraped.Begin());
      CHECK(std::ranges::none_of(before, IsSettled));
    }
    ender.join();
    for (const JobPtr& job : before) {
      REQUIRE(IsSettled(job));
      // The loop may have come to it before the command that ends it was posted.
      if (job->operation()->failure().has_value()) CHECK(SaysThatItEnds(job));
    }
    CHECK(SaysThatItEnds(before.back()));
    for (const JobPtr& job : after) CHECK(SaysThatItEnds(job));
  }
}

TEST_CASE("render: one that is half done when the runtime ends is settled with its state") {
  for (const End& end : kEnds) {
    Scraped scraped;
    const auto histogram = scraped.AddHistogram(scraped.Create("a"), 20'000);
    const JobPtr job = scraped.Begin({.format = ExpositionFormat::kJson, .gzip = true});
    const JobPtr next = scraped.Begin();
    scraped.runtime.Flush();
    scraped.runtime.Flush();  // it has begun
    const bool was_settled = IsSettled(job);
    end(scraped.runtime);
    REQUIRE(IsSettled(job));
    REQUIRE(IsSettled(next));
    CHECK_FALSE(was_settled);
    CHECK(SaysThatItEnds(job));
    CHECK(SaysThatItEnds(next));
  }
}

TEST_CASE("render: jobs that nobody waits for end with the runtime") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  (void)scraped.AddHistogram(a, 1'000);
  for (int i = 0; i < 100; ++i) (void)scraped.Begin();
}

TEST_CASE("render: many at once are settled one after the other in order") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  (void)scraped.AddHistogram(a, 100);
  std::vector<JobPtr> jobs;
  {
    StandStill still(scraped.runtime, a);
    for (int i = 0; i < 100; ++i) jobs.push_back(scraped.Begin());
  }
  REQUIRE(jobs.back()->operation()->Wait(kPatienceNs));
  CHECK(std::ranges::all_of(jobs, IsSettled));
  for (size_t i = 0; i < jobs.size(); ++i) {
    CHECK(Contains(RenderedBy(jobs[i]),
                   "\nmetrics_runtime_renders_total " + std::to_string(i) + "\n"));
  }
}

TEST_CASE("render: jobs of many threads are each settled") {
  constexpr int kThreads = 4;
  Scraped scraped;
  (void)scraped.AddHistogram(scraped.Create("a"), 50);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) {
        if (!Contains(scraped.Text({.gzip = false}), "app_h_count{recorder=\"a\",k=\"49\"} 50\n")) {
          ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("render: observers that answer are waited for and shown") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  scraped.AddObserved(a);
  const Observing observing(*a);
  for (int i = 0; i < 20; ++i) {
    const std::string text = scraped.Text();
    REQUIRE(Contains(text, "app_g{recorder=\"a\",k=\"mine\"} 1\n"));
    REQUIRE(Contains(text, "app_g{recorder=\"a\",k=\"theirs\"} 2\n"));
  }
  CHECK(a->ReadStats().observations_failed == 0);
}

TEST_CASE("render: an observer that never answers is left out after the limit and counted") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  scraped.AddObserved(a);
  std::atomic<int> asked{0};
  a->observers().Add(&kOther, [&] { ++asked; });
  a->observers().Add(&kScraper, [] {});  // who asks has observed
  const auto begin = std::chrono::steady_clock::now();
  const JobPtr job = scraped.Begin();
  CHECK(asked == 1);
  CHECK_FALSE(IsSettled(job));
  scraped.runtime.Flush();  // nothing is held up by it
  CHECK(std::chrono::steady_clock::now() - begin <
        std::chrono::nanoseconds(RenderJob::kObserversLimitNs));
  const std::string text = RenderedBy(job);
  CHECK(std::chrono::steady_clock::now() - begin >=
        std::chrono::nanoseconds(RenderJob::kObserversLimitNs));
  CHECK(Contains(text, "app_g{recorder=\"a\",k=\"mine\"} 1\n"));
  CHECK_FALSE(Contains(text, "theirs"));
  CHECK(Contains(text, "metrics_runtime_observations_failed_total{recorder=\"a\"} 1\n"));
  CHECK(a->ReadStats().observations_failed == 1);
}

TEST_CASE("render: observers that end meanwhile are not waited for") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  const auto b = scraped.Create("b");
  for (const auto& recorder : {a, b}) {
    recorder->observers().Add(&kOther, [] {});
  }
  const JobPtr job = scraped.Begin();
  const JobPtr of_b = scraped.Begin({.recorder = b});
  CHECK_FALSE(IsSettled(job));
  a->observers().Remove(&kOther);
  REQUIRE(scraped.runtime.StopAndRemoveRecorder("b").let_go);
  CHECK_FALSE(FailureOf(job).has_value());
  CHECK(Has(FailureOf(of_b), Kind::kNotFound));
  CHECK(a->ReadStats().observations_failed == 0);
  CHECK(b->ReadStats().observations_failed == 0);
}

TEST_CASE("render: one that is given up while it waits for observers ends its rounds") {
  for (const End& end : kEnds) {
    Scraped scraped;
    const auto a = scraped.Create("a");
    a->observers().Add(&kOther, [] {});
    const JobPtr job = scraped.Begin();
    CHECK(a->observers().Asked(&kOther) != Observers::kNone);
    end(scraped.runtime);
    REQUIRE(IsSettled(job));
    CHECK(SaysThatItEnds(job));
    a->observers().Remove(&kOther);
  }
}

TEST_CASE("render: a job that ends before it has begun asks nobody any more") {
  const auto recorder = std::make_shared<Recorder>("a", 8u);
  recorder->observers().Add(&kOther, [] {});
  const auto is_asked = [&] { return recorder->observers().Asked(&kOther) != Observers::kNone; };
  {
    RenderJob given_up({});
    given_up.AskObservers({recorder}, &kScraper, [] {});
    CHECK(given_up.Waits());
    CHECK(is_asked());
  }
  CHECK_FALSE(is_asked());
  const auto failed = std::make_shared<RenderJob>(RenderRequest{});
  failed->AskObservers({recorder}, &kScraper, [] {});
  CHECK(is_asked());
  failed->Settle(Failure{.kind = Kind::kOutOfMemory});
  CHECK_FALSE(is_asked());
  CHECK(Has(FailureOf(failed), Kind::kOutOfMemory));
}

TEST_CASE("render: one that is given up ends at the next slice and those behind it go on") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  (void)scraped.AddHistogram(a, 50'000);
  const auto begin = std::chrono::steady_clock::now();
  (void)scraped.Text({.format = ExpositionFormat::kJson, .gzip = true});
  const auto took = std::chrono::steady_clock::now() - begin;
  const JobPtr begun = scraped.Begin({.format = ExpositionFormat::kJson, .gzip = true});
  const JobPtr behind = scraped.Begin({.format = ExpositionFormat::kJson, .gzip = true});
  const JobPtr last = scraped.Begin();
  const auto given_up = std::chrono::steady_clock::now();
  begun->GiveUp();
  behind->GiveUp();
  CHECK(Has(FailureOf(begun), Kind::kLoopUnavailable));
  CHECK(Has(FailureOf(behind), Kind::kLoopUnavailable));
  CHECK(std::chrono::steady_clock::now() - given_up < took / 2);
  const std::string text = RenderedBy(last);
  CHECK(Contains(text, "metrics_runtime_renders_total 1\n"));
  CHECK(Contains(text, "metrics_runtime_renders_failed_total 2\n"));
}

TEST_CASE("render: one that is given up waits for no observer") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  a->observers().Add(&kOther, [] {});
  const JobPtr job = scraped.Begin();
  const auto begin = std::chrono::steady_clock::now();
  job->GiveUp();
  scraped.runtime.Flush();
  CHECK(Has(FailureOf(job), Kind::kLoopUnavailable));
  CHECK(std::chrono::steady_clock::now() - begin <
        std::chrono::nanoseconds(RenderJob::kObserversLimitNs));
  CHECK(a->observers().Asked(&kOther) == Observers::kNone);
  CHECK(a->ReadStats().observations_failed == 0);
}

TEST_CASE("render: commands run and events are drained between the slices of a long one") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  (void)scraped.AddHistogram(a, 20'000);
  REQUIRE_FALSE(scraped.runtime.RegisterMetric(a, scraped.running.Ticks("m")).has_value());
  const JobPtr job = scraped.Begin({.format = ExpositionFormat::kJson, .gzip = true});
  int flushed = 0;
  int drained = 0;
  while (!IsSettled(job)) {
    const uint64_t before = a->ReadStats().dispatched;
    (void)scraped.producers[0]->Offer(scraped.running.tick, {1});
    scraped.runtime.Flush();
    if (IsSettled(job)) break;
    ++flushed;
    drained += a->ReadStats().dispatched > before ? 1 : 0;
  }
  // Each is a turn of its own.
  CHECK(flushed >= 3);
  CHECK(drained == flushed);
  CHECK(Inflated(RenderedBy(job)).size() > 1'000'000);
}

TEST_CASE("render: a recorder that goes between the slices stays as it was") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  const auto b = scraped.Create("b");
  (void)scraped.AddHistogram(a, 20'000);
  const JobPtr job = scraped.Begin();
  scraped.runtime.Flush();
  scraped.runtime.Flush();  // it has begun
  CHECK_FALSE(IsSettled(job));
  REQUIRE(scraped.runtime.StopAndRemoveRecorder("a").let_go);
  for (auto& slots : scraped.slots) slots = {};  // not read any more
  const std::string text = RenderedBy(job);
  CHECK(Contains(text, "app_h_count{recorder=\"a\",k=\"0\"} 1\n"));
  CHECK(Contains(text, "app_h_count{recorder=\"a\",k=\"19999\"} 20000\n"));
  CHECK(Contains(text, "recorder=\"b\""));
  CHECK_FALSE(Contains(scraped.Text(), "recorder=\"a\""));
}

TEST_CASE("render: jobs that there is no memory for fail and are settled all the same") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  std::optional<RefusedMemory> refused;  // of the runtime's thread
  std::vector<JobPtr> jobs;
  {
    StandStill still(scraped.runtime, a, [&] { refused.emplace(0); });
    for (int i = 0; i < 200; ++i) jobs.push_back(scraped.Begin());
  }
  // On that thread too.
  (void)scraped.runtime.RegisterMetric(a, {.name = "again"}, [&] { refused.reset(); });
  size_t failed = 0;
  for (const JobPtr& job : jobs) {
    const auto failure = FailureOf(job);
    if (failure.has_value()) {
      CHECK(failure->kind == Kind::kOutOfMemory);
      ++failed;
    }
  }
  CHECK(failed > 0);
  CHECK(Contains(scraped.Text(), "recorder=\"a\""));
}

TEST_CASE("render: jobs end with a runtime whose thread has no memory") {
  Scraped scraped;
  const auto a = scraped.Create("a");
  (void)scraped.AddHistogram(a, 1'000);
  std::optional<RefusedMemory> refused;  // of the runtime's thread
  std::vector<JobPtr> jobs;
  std::thread ender;
  {
    StandStill still(scraped.runtime, a, [&] { refused.emplace(0); });
    for (int i = 0; i < 20; ++i) jobs.push_back(scraped.Begin());
    ender = std::thread([&] { scraped.runtime.EndWithEnvironment(); });
    CHECK(Eventually([&] { return scraped.runtime.state() == RuntimeState::kStopping; }));
  }
  ender.join();
  CHECK(std::ranges::all_of(jobs, IsSettled));
  CHECK(std::ranges::all_of(
      jobs, [](const JobPtr& job) { return job->operation()->failure().has_value(); }));
}

TEST_CASE(
    "render: what a start replaced that was taken back shares no name with what others have") {
  Scraped scraped;
  Runtime& runtime = scraped.runtime;
  const auto a = scraped.Create("a");
  const auto b = scraped.Create("b");
  const auto ticks = [&](AggregationKind kind) {
    MetricDefinition made = scraped.running.Ticks("m");
    made.fingerprint = std::to_string(static_cast<int>(kind));
    made.dimensions[0].name = "d";
    made.dimensions[0].aggregation.kind = kind;
    return made;
  };
  REQUIRE_FALSE(runtime.RegisterMetric(a, ticks(AggregationKind::kCount)).has_value());
  REQUIRE_FALSE(runtime.StopRecorder("a").has_value());
  const Runtime::HeldStart steps = runtime.HoldStart(a);
  REQUIRE(runtime.BeginHeldStart(a, steps).begun);
  REQUIRE_FALSE(runtime.RegisterMetric(a, ticks(AggregationKind::kUpDown)).has_value());
  runtime.AbandonHeldStart(a, steps, "the reason");
  REQUIRE(a->state() == RecorderState::kFailure);
  const bool taken = runtime.RegisterMetric(b, ticks(AggregationKind::kUpDown)).has_value();
  const std::string text = scraped.Text();
  CHECK(Contains(text, "app_m_d{recorder=\"b\"} 0\n") == !taken);
  CHECK(Contains(text, "app_m_d_total{recorder=\"a\"} 0\n") == taken);
  CHECK_FALSE(Contains(text, "app_m_d{recorder=\"a\"}"));
}

}  // namespace metrics_runtime::test
