// Runtime: the start and stop of a recorder, which go on while nobody waits for them.
#include <thread>
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

Failure Runtime::WhyElsewhere(const Recorder& recorder) {
  const RecorderState state = recorder.state();
  if (state == RecorderState::kFailure) return Fault(recorder);
  return {.kind = Failure::Kind::kRecorderState, .recorder_state = state};
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
    std::this_thread::yield();  // on its way from one state to the next
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

Runtime::Beginning Runtime::Claim(const RecorderPtr& recorder, Operation::Name name, Go go) {
  auto operation = std::make_shared<Operation>(name);
  // Where the state is right: it says more than who is missing from the registry.
  if (name == Operation::Name::kStart && recorder->state() == RecorderState::kStopped) {
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
  // Its place first: there is no way back from a transition.
  const auto [under_way, added] = operations_.try_emplace(recorder.get());
  if (!added && under_way->second->name() == name) return {under_way->second, false};
  const Path path = PathOf(name);
  const bool goes = go == Go::kNow ? recorder->Transition(path.from, path.through)
                                   : recorder->state() == path.from;
  if (!goes) {
    if (added) operations_.erase(under_way);
    operation->Settle(
        Failure{.kind = Failure::Kind::kRecorderState, .recorder_state = recorder->state()});
    return {operation, false};
  }
  // Perhaps in the place of one that has taken effect and is about to be settled.
  under_way->second = operation;
  return {operation, true};
}

void Runtime::Proceed(const RecorderPtr& recorder, const std::shared_ptr<Operation>& operation) {
  const auto finish = [this, recorder, operation] {
    try {
      Finish(recorder, operation);
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

void Runtime::Finish(const RecorderPtr& recorder, const std::shared_ptr<Operation>& operation) {
  if (operation->name() == Operation::Name::kStop) {
    AwaitProducersOf({&recorder, 1});
    (void)recorder->Drain(event_classes_, drain_deadline_);
    if (AwaitsReaders(recorder, operation)) return;
  }
  Settle(recorder, operation, Arrive(recorder, operation->name()));
}

Status Runtime::Arrive(const RecorderPtr& recorder, Operation::Name name) {
  const Path path = PathOf(name);
  if (recorder->Transition(path.through, path.to)) return std::nullopt;
  if (recorder->state() == path.to) return std::nullopt;  // the end of the recorder came first
  return WhyElsewhere(*recorder);
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

void Runtime::SettleFailed(const RecorderPtr& recorder,
                           const std::shared_ptr<Operation>& operation) noexcept {
  Status failure;
  try {
    failure = WhyElsewhere(*recorder);
  } catch (...) {
    failure = Failure{.kind = Failure::Kind::kOutOfMemory};
  }
  Settle(recorder, operation, std::move(failure));
}

std::shared_ptr<Operation> Runtime::OperationOf(const RecorderPtr& recorder) {
  const std::lock_guard lock(operations_mutex_);
  const auto found = operations_.find(recorder.get());
  return found == operations_.end() ? nullptr : found->second;
}

}  // namespace metrics_runtime
