#include "runtime/own_families.h"

#include <array>
#include <cstdint>

namespace metrics_runtime {

namespace {

constexpr auto kCounter = FamilyType::kCounter;
constexpr auto kGauge = FamilyType::kGauge;

// Tables without destructors: the process may be exiting while its runtime's thread reads them.
struct OwnFamily {
  const char* name;
  FamilyType type;
  const char* help;
  const char* unit = "";
};

struct OfRecorder {
  OwnFamily family;
  double (*value)(const Recorder& recorder, const RecorderStats& stats);
};

template <uint64_t RecorderStats::*kCount>
double CountOf(const Recorder&, const RecorderStats& stats) {
  return static_cast<double>(stats.*kCount);
}

constexpr std::array kOfRecorder{
    OfRecorder{{.name = "metrics_runtime_recorder_running",
                .type = kGauge,
                .help = "1 while the recorder is RUNNING, else 0."},
               [](const Recorder& recorder, const RecorderStats&) {
                 return recorder.state() == RecorderState::kRunning ? 1.0 : 0.0;
               }},
    OfRecorder{{.name = "metrics_runtime_queue_depth",
                .type = kGauge,
                .help = "Events accepted and not yet dispatched, in the queues of all threads."},
               CountOf<&RecorderStats::pending>},
    OfRecorder{{.name = "metrics_runtime_queue_limit",
                .type = kGauge,
                .help = "Events that the queue of one thread has room for."},
               [](const Recorder& recorder, const RecorderStats&) {
                 return static_cast<double>(recorder.queue_max_size());
               }},
    OfRecorder{{.name = "metrics_runtime_events_accepted",
                .type = kCounter,
                .help = "Events that the queues have taken."},
               CountOf<&RecorderStats::accepted>},
    OfRecorder{{.name = "metrics_runtime_events_dropped",
                .type = kCounter,
                .help = "Events that a full queue has refused."},
               CountOf<&RecorderStats::dropped>},
    OfRecorder{{.name = "metrics_runtime_events_dispatched",
                .type = kCounter,
                .help = "Events that all declared metrics have seen."},
               CountOf<&RecorderStats::dispatched>},
    OfRecorder{{.name = "metrics_runtime_values_invalid",
                .type = kCounter,
                .help = "Values and events that cannot be counted, such as NaN."},
               CountOf<&RecorderStats::invalid>},
    OfRecorder{{.name = "metrics_runtime_events_undelivered",
                .type = kCounter,
                .help = "Events that custom metrics did not get to handle."},
               CountOf<&RecorderStats::undelivered>},
    OfRecorder{{.name = "metrics_runtime_labels_overflowed",
                .type = kCounter,
                .help = "Label values of events beyond the limit of their field."},
               CountOf<&RecorderStats::labels_overflowed>},
    OfRecorder{{.name = "metrics_runtime_series_overflowed",
                .type = kCounter,
                .help = "Values and label sets that went to an overflow series."},
               CountOf<&RecorderStats::series_overflowed>},
    OfRecorder{{.name = "metrics_runtime_observations_failed",
                .type = kCounter,
                .help = "Callbacks of observable gauges that failed, and threads that "
                        "did not come."},
               CountOf<&RecorderStats::observations_failed>},
    OfRecorder{{.name = "metrics_runtime_hook_failures",
                .type = kCounter,
                .help = "Hooks that failed without any other consequence."},
               CountOf<&RecorderStats::hook_failures>},
};

struct OfRuntime {
  OwnFamily family;
  double OwnTimes::*value;
};

constexpr std::array kOfRuntime{
    OfRuntime{{.name = "metrics_runtime_drain_seconds",
               .type = kCounter,
               .help = "Time in which the runtime's thread has dispatched events.",
               .unit = "seconds"},
              &OwnTimes::drain_seconds},
    OfRuntime{{.name = "metrics_runtime_render_seconds",
               .type = kCounter,
               .help = "Time in which it has rendered expositions.",
               .unit = "seconds"},
              &OwnTimes::render_seconds},
    OfRuntime{{.name = "metrics_runtime_renders",
               .type = kCounter,
               .help = "Expositions that it has rendered before this one."},
              &OwnTimes::renders},
    OfRuntime{{.name = "metrics_runtime_renders_failed",
               .type = kCounter,
               .help = "Expositions that it has not finished: nobody waited any longer, or memory "
                       "was refused."},
              &OwnTimes::renders_failed},
};

Family Made(const OwnFamily& own) {
  return {.name = own.name, .type = own.type, .help = own.help, .unit = own.unit};
}

}  // namespace

OwnFamilies::OwnFamilies() {
  for (const OfRecorder& own : kOfRecorder) of_recorder_.push_back(Made(own.family));
  for (const OfRuntime& own : kOfRuntime) of_runtime_.push_back(Made(own.family));
}

std::vector<ExposedFamily> OwnFamilies::Exposed() const {
  std::vector<ExposedFamily> families;
  families.reserve(of_recorder_.size() + of_runtime_.size());
  for (const Family& own : of_recorder_) families.push_back({own});
  for (const Family& own : of_runtime_) families.push_back({own});
  return families;
}

std::vector<RenderedNumber> OwnFamilies::NumbersOf(const Recorder& recorder) const {
  const RecorderStats stats = recorder.ReadStats();
  std::vector<RenderedNumber> numbers;
  numbers.reserve(kOfRecorder.size());
  for (size_t i = 0; i < kOfRecorder.size(); ++i) {
    const double value = kOfRecorder[i].value(recorder, stats);
    numbers.push_back({&of_recorder_[i], recorder.begun(), value});
  }
  return numbers;
}

std::vector<RenderedNumber> OwnFamilies::NumbersOf(const OwnTimes& times) const {
  std::vector<RenderedNumber> numbers;
  numbers.reserve(kOfRuntime.size());
  for (size_t i = 0; i < kOfRuntime.size(); ++i) {
    numbers.push_back({&of_runtime_[i], times.begun, times.*kOfRuntime[i].value});
  }
  return numbers;
}

}  // namespace metrics_runtime
