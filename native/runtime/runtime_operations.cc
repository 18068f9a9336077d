// Runtime: the start and stop of a recorder, which go on while nobody waits for them.
#include <utility>

#include "runtime/runtime.h"

namespace metrics_runtime {

namespace {

// The states that an operation takes a recorder from, through and to.
struct Path {
  RecorderState from;
  RecorderState through;
  RecorderState to;
};

constexpr Path PathOf(Operation::Name name) {
  if (name == Operation::Name::kStart) {
    return {RecorderState::kStopped, RecorderState::kStarting, RecorderState::kRunning};
  }
  return {RecorderState::kRunning, RecorderState::kStopping, RecorderState::kStopped};
}

}  // namespace

Failure Runtime::Fault(const Recorder& recorder) {
  const RecorderFault fault = recorder.ReadStats().fault;
  return {.kind = Failure::Kind::kRecorderFault, .fault_kind = fault.kind, .message = fault.reason};
}

Status Runtime::StopAndWait(const RecorderPtr& recorder) {
  const uint64_t begin = uv_hrtime();
  for (;;) {
    const RecorderState state = recorder->state();
    if (state == RecorderState::kStopped) return std::nullopt;
    if (state == RecorderState::kFailure) return Fault(*recorder);
    // What is under way comes first, be it a start; a stop that somebody else began is ours too.
    auto operation = OperationOf(recorder);
    if (operation == nullptr) operation = BeginStop(recorder).operation;
    const uint64_t waited = uv_hrtime() - begin;
    if (waited >= kCallLimitNs || !operation->Wait(kCallLimitNs - waited)) {
      return Failure{.kind = Failure::Kind::kLoopUnavailable,
                     .waited_ms = static_cast<double>(uv_hrtime() - begin) / kNsPerMs};
    }
    Status failure = operation->failure();
    if (failure.has_value() && failure->kind == Failure::Kind::kLoopUnavailable) return failure;
  }
}

Runtime::Beginning Runtime::BeginStart(const RecorderPtr& recorder) {
  return Begin(recorder, Operation::Name::kStart);
}

Runtime::Beginning Runtime::BeginStop(const RecorderPtr& recorder) {
  return Begin(recorder, Operation::Name::kStop);
}

Runtime::Beginning Runtime::Begin(const RecorderPtr& recorder, Operation::Name name) {
  Beginning beginning = Claim(recorder, name);
  if (beginning.begun) Proceed(recorder, beginning.operation);
  return beginning;
}

Runtime::Beginning Runtime::Claim(const RecorderPtr& recorder, Operation::Name name) {
  auto operation = std::make_shared<Operation>(name);
  if (name == Operation::Name::kStart) {
    Status refused = ExpectRunning();
    if (!refused.has_value() && recorders_.Find(recorder->id()) != recorder) {
      refused = NotFound();
    }
    if (refused.has_value()) {
      operation->Settle(std::move(refused));
      return {operation, false};
    }
  }
  const std::lock_guard lock(operations_mutex_);
  if (const auto found = operations_.find(recorder.get());
      found != operations_.end() && found->second->name() == name) {
    return {found->second, false};
  }
  const Path path = PathOf(name);
  if (!recorder->Transition(path.from, path.through)) {
    operation->Settle(
        Failure{.kind = Failure::Kind::kRecorderState, .recorder_state = recorder->state()});
    return {operation, false};
  }
  // In the place of one that has taken effect and is about to be settled.
  operations_.insert_or_assign(recorder.get(), operation);
  return {operation, true};
}

void Runtime::Proceed(const RecorderPtr& recorder, const std::shared_ptr<Operation>& operation) {
  const auto finish = [this, recorder, operation] {
    try {
      Settle(recorder, operation, Finish(recorder, operation->name()));
    } catch (...) {  // whoever waits is told, whatever happens
      Settle(recorder, operation, Failure{.kind = Failure::Kind::kOutOfMemory});
    }
  };
  // When the loop ends first, the shutdown that ended it has stopped the recorder.
  const auto refused = [this, recorder, operation] { SettleEnded(recorder, operation); };
  try {
    loop_thread_.Post(std::make_shared<Command>(finish, refused));
  } catch (...) {
    const Path path = PathOf(operation->name());
    (void)recorder->Transition(path.through, path.from);
    Settle(recorder, operation, Failure{.kind = Failure::Kind::kOutOfMemory});
  }
}

Status Runtime::Finish(const RecorderPtr& recorder, Operation::Name name) {
  const Path path = PathOf(name);
  if (name == Operation::Name::kStop) {
    AwaitProducersOf({&recorder, 1});
    (void)recorder->Drain(event_classes_, drain_deadline_);
  }
  if (recorder->Transition(path.through, path.to)) return std::nullopt;
  const RecorderState state = recorder->state();
  if (state == path.to) return std::nullopt;  // the end of the recorder came first
  if (state == RecorderState::kFailure) return Fault(*recorder);
  return Failure{.kind = Failure::Kind::kRecorderState, .recorder_state = state};
}

Runtime::Beginning Runtime::BeginHeldStart(const RecorderPtr& recorder) {
  const Beginning held = Claim(recorder, Operation::Name::kStart);
  if (!held.begun) return held;
  Status refused = Call([&] { recorder->KeepForTakingBack(event_classes_.strings()); });
  if (!refused.has_value()) return held;
  (void)recorder->Transition(RecorderState::kStarting, RecorderState::kStopped);
  Settle(recorder, held.operation, std::move(refused));
  return {held.operation, false};
}

void Runtime::FinishHeldStart(const RecorderPtr& recorder,
                              const std::shared_ptr<Operation>& operation) {
  const Status failed = Call([&] {
    if (recorder->state() == RecorderState::kFailure) TakeBackStart(recorder, "");
    recorder->ConfirmStart();
  });
  if (!failed.has_value()) return Proceed(recorder, operation);
  (void)recorder->Transition(RecorderState::kStarting, RecorderState::kStopped);
  Settle(recorder, operation, failed);
}

void Runtime::AbandonHeldStart(const RecorderPtr& recorder,
                               const std::shared_ptr<Operation>& operation,
                               const std::string& reason) {
  try {
    const Ending ending([this, recorder, reason] { TakeBackStart(recorder, reason); });
    Status failed = LetGo(recorder, ending, kCallLimitNs);
    Settle(recorder, operation, failed.has_value() ? std::move(failed) : Status(Fault(*recorder)));
  } catch (...) {
    (void)recorder->FailFrom(RecorderState::kStarting, RecorderFault::Kind::kOnStartingHook, {});
    Settle(recorder, operation, Failure{.kind = Failure::Kind::kOutOfMemory});
  }
}

void Runtime::TakeBackStart(const RecorderPtr& recorder, std::string reason) noexcept {
  if (recorder->let_go()) return;
  (void)recorder->Transition(RecorderState::kStarting, RecorderState::kStopping);
  AwaitProducersOf({&recorder, 1});
  recorder->TakeBackStart(std::move(reason));
}

void Runtime::FailStopped(const RecorderPtr& recorder, const std::string& reason) {
  (void)recorder->FailFrom(RecorderState::kStopped, RecorderFault::Kind::kOnStoppedHook, reason);
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

void Runtime::SettleEnded(const RecorderPtr& recorder,
                          const std::shared_ptr<Operation>& operation) {
  const bool reached = recorder->state() == PathOf(operation->name()).to;
  Settle(recorder, operation,
         reached ? std::nullopt : Status(Failure{.kind = Failure::Kind::kLoopUnavailable}));
}

std::shared_ptr<Operation> Runtime::OperationOf(const RecorderPtr& recorder) {
  const std::lock_guard lock(operations_mutex_);
  const auto found = operations_.find(recorder.get());
  return found == operations_.end() ? nullptr : found->second;
}

}  // namespace metrics_runtime
