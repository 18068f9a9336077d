// Runtime: the registry, and what is asked of one recorder.
#include <algorithm>
#include <utility>

#include "runtime/runtime.h"

namespace metrics_runtime {

Result<Runtime::RecorderPtr> Runtime::CreateRecorder(const std::string& id, uint32_t queue_max_size,
                                                     std::byte* ring_memory) {
  if (const Status wrong = ExpectRunning()) return *wrong;
  auto recorder = std::make_shared<Recorder>(id, queue_max_size);
  if (!recorders_.Reserve(id)) return Failure{.kind = Failure::Kind::kAlreadyExists};
  const Status failed = Call([this, recorder, ring_memory] {
    recorder->AttachRing(std::make_unique<EventRing>(ring_memory, recorder->queue_max_size()));
    live_.push_back(recorder);
    try {
      recorders_.Register(recorder);
    } catch (...) {
      live_.pop_back();
      throw;
    }
    (void)recorder->Transition(RecorderState::kVirgin, RecorderState::kStarting);
    (void)recorder->Transition(RecorderState::kStarting, RecorderState::kRunning);
  });
  if (failed.has_value()) {
    recorders_.CancelReservation(id);
    return *failed;
  }
  return recorder;
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
  if (const Status wrong = ExpectRunning()) return wrong;
  const RecorderPtr recorder = recorders_.Find(id);
  if (recorder == nullptr) return NotFound();
  return StopAndWait(recorder);
}

Runtime::Removal Runtime::StopAndRemoveRecorder(const std::string& id) {
  if (Status wrong = ExpectRunning()) return {.failure = std::move(wrong)};
  RecorderPtr recorder = recorders_.BeginRemoval(id);
  if (recorder == nullptr) return {.failure = NotFound()};
  const uint64_t begin = uv_hrtime();
  Status failure = StopAndWait(recorder);
  const auto end = [this, recorder] { EndRecorders({&recorder, 1}); };
  // One limit for both.
  const Status not_ended = Call(end, kCallLimitNs - std::min(kCallLimitNs, uv_hrtime() - begin));
  // Not taken by the loop; but a shutdown that came first has ended the recorder all the same.
  const bool let_go = recorder->let_go();
  if (!let_go) {
    // The loop is to end the recorder whenever it can.
    loop_thread_.Post(std::make_shared<Command>(end));
    if (!failure.has_value()) failure = not_ended;
  }
  recorders_.Erase(id);
  return {std::move(recorder), let_go, std::move(failure)};
}

Status Runtime::RegisterMetric(const RecorderPtr& recorder, MetricDefinition definition) {
  const RecorderState state = recorder->state();
  if (state != RecorderState::kStarting && state != RecorderState::kRunning) {
    return Failure{.kind = Failure::Kind::kRecorderState, .recorder_state = state};
  }
  return Call([&] { recorder->RegisterMetric(std::move(definition), event_classes_.strings()); });
}

Result<std::vector<std::byte>> Runtime::Snapshots(const RecorderPtr& recorder) {
  std::vector<std::byte> bytes;
  const Status failed = Inspect([&] {
    ValueWriter writer;
    recorder->WriteSnapshots(writer);
    bytes = writer.Take();
  });
  if (failed.has_value()) return *failed;
  return bytes;
}

}  // namespace metrics_runtime
