// Runtime: the registry, and what is asked of one recorder.
#include <algorithm>
#include <utility>

#include "core/exposition/type_name.h"
#include "runtime/observation.h"
#include "runtime/runtime.h"

namespace metrics_runtime {

namespace {

Failure NotExposed(const FamilyRegistry::Refusal& refusal) {
  const std::string name = "'" + refusal.name + "'";
  switch (refusal.what) {
    case FamilyRegistry::Refusal::What::kLabelName:
      return {.kind = Failure::Kind::kLabelNameTaken,
              .message = name + " in '" + refusal.family + "'"};
    case FamilyRegistry::Refusal::What::kMeaning:
      return {.kind = Failure::Kind::kSampleNameTaken,
              .message = name + ", which another recorder has with the type '" +
                         std::string(TypeName(refusal.type)) + "' and " +
                         (refusal.unit.empty() ? "no unit" : "the unit '" + refusal.unit + "'")};
    case FamilyRegistry::Refusal::What::kSampleName:
      break;
  }
  return {.kind = Failure::Kind::kSampleNameTaken, .message = name + ", and so is another metric"};
}

}  // namespace

Status Runtime::CreateRecorder(const RecorderPtr& recorder, std::byte* ring_memory) {
  return Create(recorder, ring_memory, [this, recorder] {
    recorders_.Register(recorder);
    (void)recorder->Transition(RecorderState::kStarting, RecorderState::kRunning);
  });
}

Status Runtime::Create(const RecorderPtr& recorder, std::byte* ring_memory,
                       std::function<void()> complete) {
  if (Status wrong = ExpectRunning()) return wrong;
  if (!recorders_.Reserve(recorder->id())) return Failure{.kind = Failure::Kind::kAlreadyExists};
  Status failed = Call([this, recorder, ring_memory, complete = std::move(complete)] {
    try {
      recorder->AttachRing(std::make_unique<EventRing>(ring_memory, recorder->queue_max_size(),
                                                       recorder->origin().creator));
      live_.push_back(recorder);
      (void)recorder->Transition(RecorderState::kVirgin, RecorderState::kStarting);
      complete();
    } catch (...) {
      EndRecorders({&recorder, 1});
      throw;
    }
  });
  if (failed.has_value()) recorders_.CancelReservation(recorder->id());
  return failed;
}

Result<Runtime::RecorderPtr> Runtime::FindRecorder(const std::string& id) const {
  if (const Status wrong = ExpectRunning()) return *wrong;
  RecorderPtr found = recorders_.Find(id);
  if (found == nullptr) return NotFound();
  return found;
}

Result<std::vector<std::string>> Runtime::RecorderIds() const {
  if (const Status wrong = ExpectRunning()) return *wrong;
  return recorders_.Ids();
}

Status Runtime::StopRecorder(const std::string& id) {
  if (Status wrong = ExpectRunning()) return wrong;
  const RecorderPtr recorder = recorders_.Find(id);
  if (recorder == nullptr) return NotFound();
  return StopAndWait(recorder);
}

Runtime::Removal Runtime::StopAndRemoveRecorder(const std::string& id) {
  if (Status wrong = ExpectRunning()) return {.failure = std::move(wrong)};
  RecorderPtr recorder;  // found when there is no way back
  const auto leaving = std::make_shared<RecorderPtr>();
  const Ending ending([this, leaving] { EndRecorders({leaving.get(), 1}); });
  recorder = *leaving = recorders_.BeginRemoval(id);
  if (recorder == nullptr) return {.failure = NotFound()};
  const uint64_t begin = uv_hrtime();
  Status failure;
  try {
    failure = StopAndWait(recorder);
  } catch (...) {
    failure = Failure{.kind = Failure::Kind::kOutOfMemory};
  }
  // One limit for both.
  const uint64_t left = kCallLimitNs - std::min(kCallLimitNs, uv_hrtime() - begin);
  Status held = LetGo(recorder, ending, left);
  const bool let_go = !held.has_value();
  if (!failure.has_value()) failure = std::move(held);
  recorders_.Erase(id);
  return {std::move(recorder), let_go, std::move(failure)};
}

Status Runtime::LetGo(const RecorderPtr& recorder, const Ending& ending,
                      uint64_t limit_ns) noexcept {
  Status failed = PostAndWait(ending.now, limit_ns);
  // Not taken by the loop; but a shutdown that came first has ended the recorder all the same.
  if (recorder->let_go()) return std::nullopt;
  loop_thread_.Post(ending.later);
  return failed;
}

Status Runtime::ExpectOpen(const Recorder& recorder) {
  const RecorderState state = recorder.state();
  if (state == RecorderState::kStarting || state == RecorderState::kRunning) return std::nullopt;
  return Failure{.kind = Failure::Kind::kRecorderState, .recorder_state = state};
}

Status Runtime::RegisterMetric(const RecorderPtr& recorder, MetricDefinition definition,
                               const std::function<void()>& before) {
  if (Status closed = ExpectOpen(*recorder)) return closed;
  bool taken = false;
  bool gone = false;
  MetricSet::Refusal refusal;
  Status failed = Call([&] {
    gone = recorder->let_go();
    taken = recorder->HasInstrument(definition.name);
    if (gone || taken) return;
    if (before) before();
    refusal = recorder->RegisterMetric(std::move(definition), event_classes_.strings());
  });
  if (failed.has_value()) return failed;
  if (gone) return WhyElsewhere(*recorder);
  if (taken) return Failure{.kind = Failure::Kind::kNameTaken};
  if (refusal.has_value()) return NotExposed(*refusal);
  return std::nullopt;
}

Result<std::shared_ptr<Instrument>> Runtime::AddInstrument(const RecorderPtr& recorder,
                                                           InstrumentDefinition definition) {
  if (Status closed = ExpectOpen(*recorder)) return *std::move(closed);
  std::shared_ptr<Instrument> instrument;
  MetricSet::Refusal refusal;
  bool gone = false;
  Status failed = Call([&] {
    // Nobody would close one that came after the end.
    gone = recorder->let_go();
    if (gone) return;
    instrument = recorder->AddInstrument(std::move(definition), event_classes_.strings(), refusal);
  });
  if (failed.has_value()) return *std::move(failed);
  if (gone) return WhyElsewhere(*recorder);
  if (refusal.has_value()) return NotExposed(*refusal);
  if (instrument == nullptr) return Failure{.kind = Failure::Kind::kNameTaken};
  return instrument;
}

Result<std::vector<std::byte>> Runtime::ObservedSnapshots(const RecorderPtr& recorder,
                                                          const void* thread) {
  if (ExpectOpen(*recorder).has_value()) return Snapshots(recorder, thread);
  try {
    const Observation observation(recorder->observers(), thread);
    return Snapshots(recorder, thread, observation.left_out());
  } catch (...) {
    return Failure{.kind = Failure::Kind::kOutOfMemory};
  }
}

Result<std::vector<std::byte>> Runtime::Snapshots(const RecorderPtr& recorder, const void* thread,
                                                  std::span<const void* const> left_out) {
  std::vector<std::byte> bytes;
  const Status failed = Inspect([&] {
    ValueWriter writer;
    recorder->WriteSnapshots(writer, thread, left_out);
    bytes = writer.Take();
  });
  if (failed.has_value()) return *failed;
  return bytes;
}

}  // namespace metrics_runtime
