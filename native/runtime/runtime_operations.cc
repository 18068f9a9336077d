// Runtime: the start and stop of a recorder, which go on while nobody waits for them.
#include <utility>

#include "runtime/runtime.h"

namespace metrics_runtime {

namespace {

Failure Fault(const Recorder& recorder) {
  return {.kind = Failure::Kind::kRecorderFault, .message = recorder.ReadStats().fault};
}

}  // namespace

Status Runtime::StopAndWait(const RecorderPtr& recorder) {
  const uint64_t begin = uv_hrtime();
  for (;;) {
    const RecorderState state = recorder->state();
    if (state == RecorderState::kStopped) return std::nullopt;
    if (state == RecorderState::kFailure) return Fault(*recorder);
    // What is under way comes first, be it a start; a stop that somebody else began is ours too.
    auto operation = OperationOf(recorder);
    if (operation == nullptr) operation = BeginStop(recorder);
    const uint64_t waited = uv_hrtime() - begin;
    if (waited >= kCallLimitNs || !operation->Wait(kCallLimitNs - waited)) {
      return Failure{.kind = Failure::Kind::kLoopUnavailable,
                     .waited_ms = static_cast<double>(uv_hrtime() - begin) / kNsPerMs};
    }
    Status failure = operation->failure();
    if (failure.has_value() && failure->kind == Failure::Kind::kLoopUnavailable) return failure;
  }
}

std::shared_ptr<Operation> Runtime::BeginStart(const RecorderPtr& recorder) {
  Status refused = ExpectRunning();
  if (!refused.has_value() && recorders_.Find(recorder->id()) != recorder) {
    refused = Failure{.kind = Failure::Kind::kNotFound};
  }
  if (refused.has_value()) {
    auto operation = std::make_shared<Operation>(Operation::Name::kStart);
    operation->Settle(std::move(refused));
    return operation;
  }
  return Begin(recorder, Operation::Name::kStart, RecorderState::kStopped, RecorderState::kStarting,
               RecorderState::kRunning);
}

std::shared_ptr<Operation> Runtime::BeginStop(const RecorderPtr& recorder) {
  return Begin(recorder, Operation::Name::kStop, RecorderState::kRunning, RecorderState::kStopping,
               RecorderState::kStopped);
}

std::shared_ptr<Operation> Runtime::Begin(const RecorderPtr& recorder, Operation::Name name,
                                          RecorderState from, RecorderState through,
                                          RecorderState to) {
  auto operation = std::make_shared<Operation>(name);
  {
    const std::lock_guard lock(operations_mutex_);
    if (const auto found = operations_.find(recorder.get());
        found != operations_.end() && found->second->name() == name) {
      return found->second;
    }
    if (!recorder->Transition(from, through)) {
      operation->Settle(
          Failure{.kind = Failure::Kind::kRecorderState, .recorder_state = recorder->state()});
      return operation;
    }
    // In the place of one that has taken effect and is about to be settled.
    operations_.insert_or_assign(recorder.get(), operation);
  }
  const auto finish = [this, recorder, operation, through, to] {
    try {
      Settle(recorder, operation, FinishTransition(recorder, through, to));
    } catch (...) {  // whoever waits is told, whatever happens
      Settle(recorder, operation, Failure{.kind = Failure::Kind::kOutOfMemory});
    }
  };
  // When the loop ends first, the shutdown that ended it has stopped the recorder.
  const auto refused = [this, recorder, operation, to] {
    Settle(recorder, operation,
           recorder->state() == to ? std::nullopt
                                   : Status(Failure{.kind = Failure::Kind::kLoopUnavailable}));
  };
  try {
    loop_thread_.Post(std::make_shared<Command>(finish, refused));
  } catch (...) {
    (void)recorder->Transition(through, from);
    Settle(recorder, operation, Failure{.kind = Failure::Kind::kOutOfMemory});
  }
  return operation;
}

Status Runtime::FinishTransition(const RecorderPtr& recorder, RecorderState through,
                                 RecorderState to) {
  if (through == RecorderState::kStopping) {
    AwaitProducersOf({&recorder, 1});
    (void)recorder->Drain(event_classes_, drain_deadline_);
  }
  if (recorder->Transition(through, to)) return std::nullopt;
  const RecorderState state = recorder->state();
  if (state == to) return std::nullopt;  // the end of the recorder came first and stopped it
  if (state == RecorderState::kFailure) return Fault(*recorder);
  return Failure{.kind = Failure::Kind::kRecorderState, .recorder_state = state};
}

void Runtime::Settle(const RecorderPtr& recorder, const std::shared_ptr<Operation>& operation,
                     Status status) {
  {
    const std::lock_guard lock(operations_mutex_);
    const auto found = operations_.find(recorder.get());
    if (found != operations_.end() && found->second == operation) operations_.erase(found);
  }
  operation->Settle(std::move(status));
}

std::shared_ptr<Operation> Runtime::OperationOf(const RecorderPtr& recorder) {
  const std::lock_guard lock(operations_mutex_);
  const auto found = operations_.find(recorder.get());
  return found == operations_.end() ? nullptr : found->second;
}

}  // namespace metrics_runtime
