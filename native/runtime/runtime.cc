#include "runtime/runtime.h"

#include <algorithm>
#include <utility>

#include "runtime/current_thread.h"

namespace metrics_runtime {

namespace {

constexpr double kNsPerMs = 1e6;

Failure InState(RuntimeState state) {
  return {.kind = Failure::Kind::kRuntimeState, .runtime_state = state};
}

Failure Fault(const Recorder& recorder) {
  return {.kind = Failure::Kind::kRecorderFault, .message = recorder.ReadStats().fault};
}

}  // namespace

Runtime::Runtime(std::string name_space)
    : namespace_(std::move(name_space)), loop_thread_(static_cast<LoopThread::Delegate&>(*this)) {}

Runtime::Stats Runtime::stats() const noexcept {
  const LoopThread::Counters& counters = loop_thread_.counters();
  Stats stats;
  stats.thread_id = counters.thread_id.load(std::memory_order_relaxed);
  stats.loop_turns = counters.turns.load(std::memory_order_relaxed);
  stats.wake_ups = counters.wake_ups.load(std::memory_order_relaxed);
  stats.events_drained = counters.events.load(std::memory_order_relaxed);
  stats.drain_time_ms =
      static_cast<double>(counters.drain_ns.load(std::memory_order_relaxed)) / kNsPerMs;
  stats.deepest_queue = deepest_queue_.load(std::memory_order_relaxed);
  return stats;
}

Status Runtime::Start() {
  RuntimeState found = RuntimeState::kVirgin;
  if (!state_.compare_exchange_strong(found, RuntimeState::kStarting)) {
    if (found == RuntimeState::kRunning) return std::nullopt;
    return InState(found);
  }
  std::optional<LoopThread::StartFailure> refused;
  try {
    refused = loop_thread_.Start(FitThreadName(namespace_), kCallLimitNs, shared_from_this());
  } catch (...) {
    refused = LoopThread::StartFailure{.uv_error = UV_ENOMEM, .syscall = "uv_thread_create"};
  }
  if (refused.has_value()) {
    state_.store(RuntimeState::kFailure);
    return Failure{.kind = Failure::Kind::kStartup,
                   .waited_ms = static_cast<double>(refused->waited_ns) / kNsPerMs,
                   .uv_error = refused->uv_error,
                   .syscall = refused->syscall};
  }
  state_.store(RuntimeState::kRunning);
  return std::nullopt;
}

Status Runtime::Shutdown() {
  std::shared_ptr<Operation> mine;
  std::shared_ptr<Operation> shared;
  {
    const std::lock_guard lock(shutdown_mutex_);
    RuntimeState found = RuntimeState::kVirgin;
    if (state_.compare_exchange_strong(found, RuntimeState::kClosed)) return std::nullopt;
    if (found == RuntimeState::kClosed) return std::nullopt;
    if (found == RuntimeState::kRunning) {
      shutdown_ = mine = std::make_shared<Operation>(Operation::Name::kStop);
      state_.store(RuntimeState::kStopping);
    } else if (found == RuntimeState::kStopping) {
      shared = shutdown_;
    } else {
      return InState(found);
    }
  }
  if (shared != nullptr) {
    // Its limits are inside: 5 s for the recorders, 5 s for the join.
    (void)shared->Wait(UvCondition::kForever);
    return shared->failure();
  }
  Status status;
  try {
    status = ShutDownFromRunning();
  } catch (...) {  // whoever else waits is told, whatever happens
    status = Failure{.kind = Failure::Kind::kShutdown};
  }
  state_.store(status.has_value() ? RuntimeState::kFailure : RuntimeState::kClosed);
  mine->Settle(status);
  return status;
}

Status Runtime::ShutDownFromRunning() {
  // Owned by the command as much as by us: it outlives a caller that gave up.
  const auto ended = std::make_shared<std::vector<RecorderPtr>>();
  const auto end = [this, ended] { *ended = EndAllAndQuit(); };
  if (const Status not_taken = Call(end)) {
    // Whenever the loop comes back to life it is to end.
    loop_thread_.Post(std::make_shared<Command>(end));
    (void)loop_thread_.Join(0);  // nobody will: it frees itself
    return Failure{.kind = Failure::Kind::kShutdown, .waited_ms = not_taken->waited_ms};
  }
  if (!loop_thread_.Join(kJoinLimitNs)) {
    return Failure{.kind = Failure::Kind::kShutdown,
                   .waited_ms = static_cast<double>(kJoinLimitNs) / kNsPerMs};
  }
  Failure failure{.kind = Failure::Kind::kShutdown};
  for (const RecorderPtr& recorder : *ended) {
    if (recorder->state() != RecorderState::kFailure) continue;
    failure.recorder_faults.emplace_back(recorder->id(), recorder->ReadStats().fault);
  }
  if (failure.recorder_faults.empty()) return std::nullopt;
  return failure;
}

std::vector<Runtime::RecorderPtr> Runtime::EndAllAndQuit() {
  // Our own list and not the registry: it alone has every recorder whose rings are attached.
  const std::vector<RecorderPtr> ended = std::exchange(live_, {});
  for (const RecorderPtr& recorder : ended) {
    EndRecorder(recorder);
    recorders_.Erase(recorder->id());
  }
  loop_thread_.Quit();
  return ended;
}

void Runtime::EndRecorder(const RecorderPtr& recorder) {
  // No producer is to find it open after the last drain.
  for (const auto open : {RecorderState::kStarting, RecorderState::kRunning}) {
    (void)recorder->Transition(open, RecorderState::kStopping);
  }
  (void)recorder->Drain(event_classes_, drain_deadline_);
  (void)recorder->Transition(RecorderState::kStopping, RecorderState::kStopped);
  recorder->DetachRings();
  std::erase(live_, recorder);
}

void Runtime::Flush() {
  if (state() == RuntimeState::kRunning) (void)Call([] {}, kFlushLimitNs);
}

void Runtime::EndWithEnvironment() noexcept {
  std::shared_ptr<Operation> mine;
  {
    const std::lock_guard lock(shutdown_mutex_);
    if (state() == RuntimeState::kVirgin || state() == RuntimeState::kClosed) return;
    if (state() == RuntimeState::kRunning) {
      shutdown_ = mine = std::make_shared<Operation>(Operation::Name::kStop);
      state_.store(RuntimeState::kStopping);
    }
  }
  drain_deadline_.ExpireIn(std::chrono::nanoseconds(kFlushLimitNs));
  const auto let_go = std::make_shared<Command>([this] { (void)EndAllAndQuit(); });
  // No limit: the loop runs no foreign code, so it comes to the command; and until it has let go of
  // the environment's memory, that memory must not go away. Refused: it had let go before.
  loop_thread_.Post(let_go);
  (void)let_go->Wait(UvCondition::kForever);
  (void)loop_thread_.Join(kJoinLimitNs);
  if (mine != nullptr) {
    state_.store(RuntimeState::kClosed);
    mine->Settle(std::nullopt);
  }
}

uint64_t Runtime::Drain() noexcept {
  uint64_t events = 0;
  uint64_t deepest = deepest_queue_.load(std::memory_order_relaxed);
  for (const RecorderPtr& recorder : live_) {
    const Recorder::DrainCounts counts = recorder->Drain(event_classes_, drain_deadline_);
    events += counts.events;
    deepest = std::max<uint64_t>(deepest, counts.deepest);
  }
  deepest_queue_.store(deepest, std::memory_order_relaxed);
  return events;
}

Status Runtime::Call(std::function<void()> work, uint64_t limit_ns) {
  const uint64_t begin = uv_hrtime();
  std::shared_ptr<Command> command;
  try {
    command = std::make_shared<Command>(std::move(work));
    loop_thread_.Post(command);
  } catch (...) {
    return Failure{.kind = Failure::Kind::kOutOfMemory};
  }
  switch (command->Wait(limit_ns)) {
    case Command::Outcome::kRan:
      return std::nullopt;
    case Command::Outcome::kThrew:
      return Failure{.kind = Failure::Kind::kOutOfMemory};
    case Command::Outcome::kGivenUp:
    case Command::Outcome::kRefused:
      break;
  }
  return Failure{.kind = Failure::Kind::kLoopUnavailable,
                 .waited_ms = static_cast<double>(uv_hrtime() - begin) / kNsPerMs};
}

Status Runtime::Inspect(std::function<void()> work) {
  if (state() == RuntimeState::kRunning) {
    Status status = Call(work);
    if (!status.has_value() || state() == RuntimeState::kRunning) return status;
  }
  // The runtime ends or has ended, and the call above, if there was one, will never run.
  std::shared_ptr<Operation> ending;
  {
    const std::lock_guard lock(shutdown_mutex_);
    ending = shutdown_;
  }
  if (ending != nullptr) (void)ending->Wait(UvCondition::kForever);
  if (!loop_thread_.ended()) return Failure{.kind = Failure::Kind::kLoopUnavailable};
  const std::lock_guard lock(ended_mutex_);
  work();
  return std::nullopt;
}

Status Runtime::ExpectRunning() const {
  const RuntimeState now = state();
  if (now != RuntimeState::kRunning) return InState(now);
  return std::nullopt;
}

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
  if (found == nullptr) return Failure{.kind = Failure::Kind::kNotFound};
  return found;
}

Result<std::vector<std::string>> Runtime::RecorderIds() const {
  if (const Status wrong = ExpectRunning()) return *wrong;
  return recorders_.Ids();
}

Status Runtime::StopRecorder(const std::string& id) {
  if (const Status wrong = ExpectRunning()) return wrong;
  const RecorderPtr recorder = recorders_.Find(id);
  if (recorder == nullptr) return Failure{.kind = Failure::Kind::kNotFound};
  return StopAndWait(recorder);
}

Runtime::Removal Runtime::StopAndRemoveRecorder(const std::string& id) {
  if (Status wrong = ExpectRunning()) return {.failure = std::move(wrong)};
  RecorderPtr recorder = recorders_.BeginRemoval(id);
  if (recorder == nullptr) return {.failure = Failure{.kind = Failure::Kind::kNotFound}};
  const uint64_t begin = uv_hrtime();
  Status failure = StopAndWait(recorder);
  const auto end = [this, recorder] { EndRecorder(recorder); };
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
  if (through == RecorderState::kStopping) (void)recorder->Drain(event_classes_, drain_deadline_);
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

Status Runtime::RegisterMetric(const RecorderPtr& recorder, MetricDefinition definition) {
  const RecorderState state = recorder->state();
  if (state != RecorderState::kStarting && state != RecorderState::kRunning) {
    return Failure{.kind = Failure::Kind::kRecorderState, .recorder_state = state};
  }
  return Call([&] { recorder->RegisterMetric(std::move(definition)); });
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
