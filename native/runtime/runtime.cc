// Runtime: its lifecycle, its drain, and the ways into its thread.
#include "runtime/runtime.h"

#include <algorithm>
#include <utility>

#include "core/ring_protocol.h"
#include "runtime/current_thread.h"
#include "runtime/process_barrier.h"
#include "runtime/producer_wait.h"

namespace metrics_runtime {

namespace {

Failure InState(RuntimeState state) {
  return {.kind = Failure::Kind::kRuntimeState, .runtime_state = state};
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
    FamilyRegistry::Refusal refusal;  // nobody else has a name yet
    own_families_.emplace();
    own_claim_ = families_->Take(nullptr, own_families_->Exposed(), nullptr, refusal);
    shutdown_ = std::make_shared<Operation>(Operation::Name::kStop);
    end_ = std::make_shared<Command>([this] { EndAllAndQuit(); });
    late_end_ = std::make_shared<Command>([this] { EndAllAndQuit(); });
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
  RuntimeState found = RuntimeState::kVirgin;
  if (state_.compare_exchange_strong(found, RuntimeState::kClosed)) return std::nullopt;
  if (found == RuntimeState::kClosed) return std::nullopt;
  found = RuntimeState::kRunning;
  if (state_.compare_exchange_strong(found, RuntimeState::kStopping)) {
    Status status;
    Status shared;
    try {
      shared = status = ShutDownFromRunning();
    } catch (...) {  // whoever else waits is told, whatever happens
      shared = status = Failure{.kind = Failure::Kind::kShutdown, .uv_error = UV_ENOMEM};
    }
    state_.store(status.has_value() ? RuntimeState::kFailure : RuntimeState::kClosed);
    shutdown_->Settle(std::move(shared));
    return status;
  }
  if (found != RuntimeState::kStopping) return InState(found);
  // Somebody else's. Its limits are inside: 5 s for the recorders, 5 s for the join.
  (void)shutdown_->Wait(UvCondition::kForever);
  return shutdown_->failure();
}

Status Runtime::ShutDownFromRunning() {
  if (const Status not_taken = PostAndWait(end_, kCallLimitNs)) {
    // Whenever the loop comes back to life it is to end.
    loop_thread_.Post(late_end_);
    (void)loop_thread_.Join(0);  // nobody will: it frees itself
    return Failure{.kind = Failure::Kind::kShutdown, .waited_ms = not_taken->waited_ms};
  }
  if (!loop_thread_.Join(kJoinLimitNs)) {
    return Failure{.kind = Failure::Kind::kShutdown,
                   .waited_ms = static_cast<double>(kJoinLimitNs) / kNsPerMs};
  }
  Failure failure{.kind = Failure::Kind::kShutdown};
  for (const RecorderPtr& recorder : ended_) {
    if (recorder->state() != RecorderState::kFailure) continue;
    const RecorderFault fault = recorder->ReadStats().fault;
    failure.recorder_faults.push_back({recorder->id(), fault.kind, fault.reason});
  }
  if (failure.recorder_faults.empty()) return std::nullopt;
  return failure;
}

void Runtime::EndAllAndQuit() noexcept {
  // Our own list and not the registry: it alone has every recorder whose rings are attached.
  ended_ = std::exchange(live_, {});
  EndRecorders(ended_);
  FinishAwaited();
  EndRenders();
  for (const RecorderPtr& recorder : ended_) {
    recorders_.Erase(recorder->id());
    if (const auto operation = OperationOf(recorder)) SettleEnded(recorder, operation);
  }
  loop_thread_.Quit();
}

void Runtime::EndRecorders(std::span<const RecorderPtr> recorders) {
  // No producer is to find one open after its last drain.
  for (const RecorderPtr& recorder : recorders) recorder->BeginEnd();
  AwaitProducersOf(recorders);
  for (const RecorderPtr& recorder : recorders) {
    (void)recorder->Drain(event_classes_, drain_deadline_);
    recorder->ConfirmStart();  // a start that is held: nobody takes it back any more
  }
  AwaitReadersOf(recorders);
  for (const RecorderPtr& recorder : recorders) {
    (void)recorder->Transition(RecorderState::kStopping, RecorderState::kStopped);
    recorder->DetachRings();
    std::erase(live_, recorder);
  }
}

void Runtime::AwaitProducersOf(std::span<const RecorderPtr> recorders) {
  // For a stopped one, the stop has waited; a failed one is not drained again.
  const auto inside = [](const RecorderPtr& recorder) {
    return recorder->state() == RecorderState::kStopping && recorder->ProducerInside();
  };
  ProducerWait wait;
  (void)AwaitProducers([] { RunProcessBarrier(); },
                       [&] { return std::ranges::any_of(recorders, inside); },
                       [&] { return wait.Pause(); });
}

void Runtime::FailClosed() noexcept {
  RuntimeState closed = RuntimeState::kClosed;
  (void)state_.compare_exchange_strong(closed, RuntimeState::kFailure);
}

void Runtime::Flush() {
  if (state() == RuntimeState::kRunning) (void)Call([] {}, kFlushLimitNs);
}

void Runtime::EndWithEnvironment() noexcept {
  RuntimeState found = RuntimeState::kRunning;
  const bool mine = state_.compare_exchange_strong(found, RuntimeState::kStopping);
  if (!mine && (found == RuntimeState::kVirgin || found == RuntimeState::kClosed)) return;
  drain_deadline_.ExpireIn(std::chrono::nanoseconds(kFlushLimitNs));
  turn_deadline_.ExpireIn(std::chrono::nanoseconds(kFlushLimitNs));
  // Not mine: the shutdown of somebody else has posted the command that ends the loop.
  if (mine) loop_thread_.Post(end_);
  // No limit: the loop runs no foreign code, so it comes to the command; and until it has let go of
  // the environment's memory, that memory must not go away.
  loop_thread_.AwaitEnd();
  (void)loop_thread_.Join(kJoinLimitNs);
  if (!mine) return;
  state_.store(RuntimeState::kClosed);
  shutdown_->Settle(std::nullopt);
}

uint64_t Runtime::Drain() noexcept {
  uint64_t events = 0;
  uint64_t deepest = deepest_queue_.load(std::memory_order_relaxed);
  // Who comes to set a limit either is seen here or brings this one forward.
  turn_deadline_.Never();
  const bool farewell = farewells_.load(std::memory_order_seq_cst) > 0;
  const Deadline& limited = farewell ? farewell_deadline_ : drain_deadline_;
  const Deadline& deadline = limited.expires() ? limited : turn_deadline_;
  for (const RecorderPtr& recorder : live_) {
    const Recorder::DrainCounts counts = recorder->Drain(event_classes_, deadline);
    events += counts.events;
    deepest = std::max<uint64_t>(deepest, counts.deepest);
  }
  deepest_queue_.store(deepest, std::memory_order_relaxed);
  FinishAwaited();
  return events;
}

Status Runtime::PostAndWait(const std::shared_ptr<Command>& command, uint64_t limit_ns) noexcept {
  const uint64_t begin = uv_hrtime();
  loop_thread_.Post(command);
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

Status Runtime::Inspect(const std::function<void()>& work) {
  if (state() == RuntimeState::kRunning) {
    Status status = Call(work);
    if (!status.has_value() || state() == RuntimeState::kRunning) return status;
  }
  // The runtime ends or has ended, and the call above, if there was one, will never run.
  if (state() == RuntimeState::kStopping) (void)shutdown_->Wait(UvCondition::kForever);
  if (!loop_thread_.ended()) return Failure{.kind = Failure::Kind::kLoopUnavailable};
  const std::lock_guard lock(ended_mutex_);
  try {
    work();
  } catch (...) {
    return Failure{.kind = Failure::Kind::kOutOfMemory};
  }
  return std::nullopt;
}

Status Runtime::UnlessEnded(Status status) const {
  const bool no_loop = status.has_value() && status->kind == Failure::Kind::kLoopUnavailable;
  if (no_loop && state() != RuntimeState::kRunning) return ExpectRunning();
  return status;
}

Failure Runtime::NotFound() const {
  Status ended = ExpectRunning();
  return ended.has_value() ? *std::move(ended) : Failure{.kind = Failure::Kind::kNotFound};
}

Status Runtime::ExpectRunning() const {
  const RuntimeState now = state();
  if (now != RuntimeState::kRunning) return InState(now);
  return std::nullopt;
}

}  // namespace metrics_runtime
