#include "runtime/loop_thread.h"

#include <algorithm>
#include <utility>

#include "core/fault_points.h"
#include "runtime/current_thread.h"

#if !defined(_WIN32)
#include <pthread.h>
#endif

namespace metrics_runtime {

namespace {

// Snapshots and dispatch need little; a small stack keeps the address space of a process with many
// runtimes small too.
constexpr size_t kStackBytes = size_t{1} << 20;

}  // namespace

struct LoopThread::Birth {
  LoopThread* loop_thread;
  std::string name;
  std::shared_ptr<void> owner;  // L4
};

std::optional<LoopThread::StartFailure> LoopThread::Start(const std::string& name,
                                                          uint64_t limit_ns,
                                                          std::shared_ptr<void> owner) {
  auto birth = std::make_unique<Birth>(Birth{this, name, std::move(owner)});
  const uint64_t begin = uv_hrtime();
  UvLock lock(mutex_);
  phase_ = Phase::kStarting;
  uv_thread_options_t options{};
  options.flags = UV_THREAD_HAS_STACK_SIZE;
  options.stack_size = kStackBytes;
  const int error =
      FailsAt(FaultPoint::kThread)
          ? UV_EAGAIN
          : uv_thread_create_ex(&thread_, &options, &LoopThread::ThreadMain, birth.get());
  if (error != 0) {
    phase_ = Phase::kEnded;
    return StartFailure{error, "uv_thread_create", uv_hrtime() - begin};
  }
  (void)birth.release();  // the thread's now
  joinable_ = true;
  if (!phase_changed_.WaitFor(lock, limit_ns, [this] { return phase_ != Phase::kStarting; })) {
    phase_ = Phase::kAbandoned;
    Detach();
    return StartFailure{0, "uv_thread_create", uv_hrtime() - begin};
  }
  if (phase_ == Phase::kReady) return std::nullopt;
  // The loop was refused: the thread is about to end and touches nothing but its own reference.
  joinable_ = false;
  uv_thread_join(&thread_);
  return start_failure_;
}

void LoopThread::ThreadMain(void* argument) {
  const std::unique_ptr<Birth> birth(static_cast<Birth*>(argument));
  birth->loop_thread->Main(birth->name);
}

void LoopThread::Main(const std::string& name) noexcept {
  NameCurrentThread(name);
  const char* syscall = nullptr;
  if (const int error = OpenLoop(&syscall); error != 0) {
    Report(Phase::kEnded, error, syscall);
    return;
  }
  counters_.thread_id.store(CurrentThreadId(), std::memory_order_relaxed);
  ArmTimer(kHousekeepingMs);
  LingerAt(FaultPoint::kReadiness);
  Report(Phase::kReady, 0, nullptr);
  uv_run(&loop_, UV_RUN_DEFAULT);
  uv_loop_close(&loop_);
  counters_.thread_id.store(0, std::memory_order_relaxed);
  Report(Phase::kEnded, 0, nullptr);
}

int LoopThread::OpenLoop(const char** syscall) noexcept {
  *syscall = "uv_loop_init";
  if (FailsAt(FaultPoint::kLoop)) return UV_EMFILE;
  if (const int error = uv_loop_init(&loop_); error != 0) return error;
  *syscall = "uv_async_init";
  const int error = uv_async_init(&loop_, &wake_, [](uv_async_t* handle) {
    auto* self = static_cast<LoopThread*>(handle->data);
    self->counters_.wake_ups.fetch_add(1, std::memory_order_relaxed);
    self->Turn();
  });
  if (error != 0) {
    uv_loop_close(&loop_);
    return error;
  }
  wake_.data = this;
  uv_timer_init(&loop_, &timer_);
  timer_.data = this;
  uv_idle_init(&loop_, &working_);
  working_.data = this;
  return 0;
}

void LoopThread::Report(Phase phase, int uv_error, const char* syscall) noexcept {
  const UvLock lock(mutex_);
  if (phase_ == Phase::kAbandoned) {
    // The caller has left. A loop that would now run is closed again before its first turn.
    if (phase == Phase::kReady) {
      uv_close(reinterpret_cast<uv_handle_t*>(&wake_), nullptr);
      uv_close(reinterpret_cast<uv_handle_t*>(&timer_), nullptr);
      uv_close(reinterpret_cast<uv_handle_t*>(&working_), nullptr);
    }
    return;
  }
  phase_ = phase;
  start_failure_ = {uv_error, syscall, 0};
  phase_changed_.NotifyAll();
}

bool LoopThread::Post(std::shared_ptr<Command> command) noexcept {
  {
    const UvLock lock(mutex_);
    if (phase_ == Phase::kReady) {
      commands_.Push(std::move(command));
      uv_async_send(&wake_);  // L2
      return true;
    }
  }
  command->Refuse();
  return false;
}

void LoopThread::Wake() noexcept {
  const UvLock lock(mutex_);
  if (phase_ == Phase::kReady) uv_async_send(&wake_);  // L2
}

void LoopThread::Turn() noexcept {
  counters_.turns.fetch_add(1, std::memory_order_relaxed);
  LingerAt(FaultPoint::kTurn);
  CommandQueue commands;  // L5
  {
    const UvLock lock(mutex_);
    commands.Swap(commands_);
  }
  const uint64_t begin = uv_hrtime();
  const uint64_t events = delegate_.Drain();
  if (events > 0) {
    counters_.drain_ns.fetch_add(uv_hrtime() - begin, std::memory_order_relaxed);
    counters_.events.fetch_add(events, std::memory_order_relaxed);
    if (interval_ms_ != kHousekeepingMs) ArmTimer(kHousekeepingMs);
  }
  while (const auto command = commands.Pop()) {
    if (quitting_) {
      command->Refuse();  // L5
    } else {
      command->Run();
    }
  }
  if (!quitting_) GoOnWorking(delegate_.Work());
  if (delegate_.KeepsTime() && interval_ms_ != kHousekeepingMs && !quitting_) {
    ArmTimer(kHousekeepingMs);
  }
}

void LoopThread::GoOnWorking(bool more) noexcept {
  if (more) {
    uv_idle_start(&working_,
                  [](uv_idle_t* handle) { static_cast<LoopThread*>(handle->data)->Turn(); });
  } else {
    uv_idle_stop(&working_);
  }
}

void LoopThread::OnTimer() noexcept {
  Turn();
  // Since the timer fired last: turns that a wake or a command caused count too.
  const uint64_t events = counters_.events.load(std::memory_order_relaxed);
  const bool moved = std::exchange(events_at_timer_, events) != events;
  if (uv_is_closing(reinterpret_cast<uv_handle_t*>(&timer_))) return;
  const bool soon = moved || delegate_.KeepsTime();
  ArmTimer(soon ? kHousekeepingMs : std::min(interval_ms_ * 2, kHousekeepingMaxMs));
}

void LoopThread::ArmTimer(uint64_t interval_ms) noexcept {
  interval_ms_ = interval_ms;
  uv_timer_start(
      &timer_, [](uv_timer_t* handle) { static_cast<LoopThread*>(handle->data)->OnTimer(); },
      interval_ms, 0);
}

void LoopThread::Quit() noexcept {
  quitting_ = true;  // what this turn still has to run is refused too
  CommandQueue refused;
  {
    const UvLock lock(mutex_);
    if (phase_ != Phase::kReady) return;
    phase_ = Phase::kClosing;
    refused.Swap(commands_);
  }
  while (const auto command = refused.Pop()) command->Refuse();
  uv_close(reinterpret_cast<uv_handle_t*>(&wake_), nullptr);  // L2, L3
  uv_close(reinterpret_cast<uv_handle_t*>(&timer_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&working_), nullptr);
}

bool LoopThread::Join(uint64_t limit_ns) noexcept {
  {
    UvLock lock(mutex_);
    if (!joinable_) return phase_ == Phase::kNotStarted || phase_ == Phase::kEnded;
    if (!phase_changed_.WaitFor(lock, limit_ns, [this] { return phase_ == Phase::kEnded; })) {
      if (joinable_) Detach();
      return false;
    }
    if (!joinable_) return true;  // another caller joined it meanwhile
    joinable_ = false;
  }
  uv_thread_join(&thread_);
  return true;
}

void LoopThread::AwaitEnd() noexcept {
  UvLock lock(mutex_);
  (void)phase_changed_.WaitFor(lock, UvCondition::kForever, [this] {
    return phase_ == Phase::kNotStarted || phase_ == Phase::kEnded || phase_ == Phase::kAbandoned;
  });
}

bool LoopThread::ended() noexcept {
  const UvLock lock(mutex_);
  return phase_ == Phase::kNotStarted || phase_ == Phase::kEnded;
}

// Under mutex_. libuv has no call for it; on Windows the handle is left to the process.
void LoopThread::Detach() noexcept {
  joinable_ = false;
#if !defined(_WIN32)
  pthread_detach(thread_);
#endif
}

}  // namespace metrics_runtime
