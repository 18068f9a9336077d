// What the runtime thread pays for one event: a full ring is drained into one recorder that has one
// dimension. Every aggregation, as one series and grouped by a label of 1, 10 and 2 000 values.
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/recorder.h"
#include "measured.h"
#include "support/fields.h"
#include "support/ring_producer.h"

namespace metrics_runtime::test {

namespace {

constexpr uint32_t kEvents = 8192;

struct Subject {
  std::string name;
  // None: no metric takes the event.
  std::optional<AggregationOptions> aggregation;
  size_t field = 1;
};

std::vector<double> Bounds(size_t count) {
  std::vector<double> bounds;
  double bound = 0.05;
  for (size_t i = 0; i < count; ++i) bounds.push_back(bound *= count > 50 ? 1.1 : 2);
  return bounds;
}

std::vector<Subject> Subjects() {
  using Kind = AggregationKind;
  constexpr size_t kKeyField = 2;
  return {
      {"nothing", std::nullopt},
      {"count", {{.kind = Kind::kCount}}},
      {"sum", {{.kind = Kind::kSum}}},
      {"min", {{.kind = Kind::kMin}}},
      {"max", {{.kind = Kind::kMax}}},
      {"mean", {{.kind = Kind::kMean}}},
      {"last", {{.kind = Kind::kLast}}},
      {"histogram of 11", {{.kind = Kind::kHistogram, .bounds = Bounds(11)}}},
      {"histogram of 100", {{.kind = Kind::kHistogram, .bounds = Bounds(100)}}},
      {"exponentialHistogram", {{.kind = Kind::kExponentialHistogram}}},
      {"quantiles", {{.kind = Kind::kQuantiles, .quantiles = {{0.99, "0.99"}}}}},
      {"distinct", {{.kind = Kind::kDistinct}}, kKeyField},
  };
}

// A recorder, its ring, and events whose values are spread as durations are (log-normal, around 1).
class DrainedRecorder {
 public:
  // `series` 0: one series, without labels. `max_series`: what comes beyond goes to the overflow.
  DrainedRecorder(const Subject& subject, uint32_t series, uint32_t max_series) {
    recorder_.AttachRing(std::make_unique<EventRing>(producer_->memory(), kEvents));
    if (!recorder_.Transition(RecorderState::kVirgin, RecorderState::kRunning)) std::abort();
    if (subject.aggregation.has_value()) {
      DimensionDefinition dimension{.name = "d", .aggregation = *subject.aggregation};
      EventSource source{.event_class = &event_class_,
                         .value = EventValue::Field(event_class_, subject.field)};
      if (series > 0) {
        source.by = {event_class_.offset(0)};
        dimension.group_by = {.fields = {event_class_.fields()[0]}, .max_series = max_series};
      }
      dimension.sources = {source};
      recorder_.RegisterMetric({.name = "m", .fingerprint = "", .dimensions = {dimension}},
                               classes_.strings());
    }
    std::mt19937_64 random(1);
    std::lognormal_distribution<double> duration(0, 1);
    std::uniform_int_distribution<uint32_t> label(1, std::max(series, 1u));
    for (Event& event : events_) {
      event = {double(label(random)), duration(random), double(random() >> 12)};
    }
  }

  void Fill() {
    for (const auto& [label, value, key] : events_) {
      if (producer_->Offer(event_class_, {label, value, key}) != RingProducer::Offered::kAccepted) {
        std::abort();
      }
    }
  }
  void Drain() {
    if (recorder_.Drain(classes_, never_).events != kEvents) std::abort();
  }

 private:
  struct Event {
    double label;
    double value;
    double key;
  };

  EventClassRegistry classes_;
  const EventClass& event_class_ =
      Registered(classes_, "e", {Label("label", 10), Float64("value"), Key("key")});
  Deadline never_;
  std::unique_ptr<RingProducer> producer_ = std::make_unique<RingProducer>(kEvents);
  Recorder recorder_{"r", kEvents};
  std::array<Event, kEvents> events_;
};

void RegisterDrain(const std::string& name, const Subject& subject, uint32_t series,
                   uint32_t max_series, int64_t fixed_iterations) {
  Register(name, kEvents, fixed_iterations, [=](benchmark::State& state) {
    const auto drained = std::make_unique<DrainedRecorder>(subject, series, max_series);
    drained->Fill();
    drained->Drain();  // makes the series
    for ([[maybe_unused]] auto iteration : state) {
      drained->Fill();
      Measure(state, [&] { drained->Drain(); });
    }
  });
}

}  // namespace

void RegisterAll(int64_t fixed_iterations) {
  for (const Subject& subject : Subjects()) {
    RegisterDrain(subject.name + "/one", subject, 0, 1, fixed_iterations);
    if (!subject.aggregation.has_value()) continue;
    for (const uint32_t series : {1u, 10u, 2'000u}) {
      const std::string name = subject.name + "/by " + std::to_string(series);
      RegisterDrain(name, subject, series, 2'000, fixed_iterations);
    }
    RegisterDrain(subject.name + "/overflow", subject, 1'000'000, 500, fixed_iterations);
  }
}

}  // namespace metrics_runtime::test
