// The one class that owns the runtime's thread: the thread, the libuv loop inside it, the queue of
// commands and the housekeeping timer. What a turn of the loop drains, its delegate says.
//
// Rules (cited where they are applied):
//  L1  Every uv call on the loop happens on its thread, apart from uv_async_send.
//  L2  uv_async_send is called under `mutex_` and only in phase kReady; the phase is left, under
//      the same lock, before the async handle is closed. So it never touches a closed handle.
//  L3  The loop ends because no handle is left: Quit closes them all, uv_run returns.
//  L4  The thread owns a reference to everything it touches (`owner`), so it may outlive every
//      JavaScript handle; nobody relies on static destructors to join it.
//  L5  A turn takes the waiting commands first, drains then, and runs them last: every event that a
//      caller published before its command is dispatched before that command runs. Once one of
//      them was Quit, the rest are refused: what they would begin, nobody would end.
#pragma once

#include <uv.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "runtime/command.h"
#include "runtime/command_queue.h"
#include "runtime/uv_sync.h"

namespace metrics_runtime {

class LoopThread {
 public:
  class Delegate {
   public:
    // Runtime thread. Dispatches what was published; the number of events.
    virtual uint64_t Drain() noexcept = 0;
    // Runtime thread. A slice of what takes long, after everything else in a turn; true: there is
    // more of it, and the next turn follows at once.
    virtual bool Work() noexcept { return false; }
    // Runtime thread. Something is to end at its time: turns keep coming at the shortest interval.
    [[nodiscard]] virtual bool KeepsTime() const noexcept { return false; }

   protected:
    ~Delegate() = default;
  };

  struct StartFailure {
    int uv_error = 0;  // negative, as libuv gives it; 0 when the limit passed
    const char* syscall = nullptr;
    uint64_t waited_ns = 0;
  };

  // Written by the runtime thread (relaxed: numbers on their own), read by any thread.
  struct Counters {
    std::atomic<uint64_t> thread_id{0};  // 0 while no thread runs
    std::atomic<uint64_t> turns{0};
    std::atomic<uint64_t> wake_ups{0};
    std::atomic<uint64_t> events{0};
    std::atomic<uint64_t> drain_ns{0};
  };

  static constexpr uint64_t kHousekeepingMs = 50;
  static constexpr uint64_t kHousekeepingMaxMs = 1000;

  explicit LoopThread(Delegate& delegate) : delegate_(delegate) {}
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  // Once. Returns when the loop runs, or why it does not; a thread that comes after the limit finds
  // itself abandoned and ends. `owner` is held by the thread until it ends.
  [[nodiscard]] std::optional<StartFailure> Start(const std::string& name, uint64_t limit_ns,
                                                  std::shared_ptr<void> owner);

  // Any thread. False: there is no loop (any more); the command was refused. Each command once.
  bool Post(std::shared_ptr<Command> command) noexcept;
  // Any thread. Asks for a turn; many calls before it make one turn.
  void Wake() noexcept;
  // Runtime thread, from inside a command: refuse new commands, close the handles, end.
  void Quit() noexcept;
  // After Quit was asked for, one caller at a time: waits for the end of the thread. False: it did
  // not end within the limit and is left running, with what it owns.
  [[nodiscard]] bool Join(uint64_t limit_ns) noexcept;
  // After Quit was asked for: until the thread has left the loop for good, without a limit. One
  // that was abandoned at its start never entered it.
  void AwaitEnd() noexcept;
  // Any thread: there never was a thread, or it has left the loop for good.
  [[nodiscard]] bool ended() noexcept;

  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

 private:
  enum class Phase { kNotStarted, kStarting, kReady, kClosing, kEnded, kAbandoned };
  struct Birth;

  static void ThreadMain(void* birth);
  void Main(const std::string& name) noexcept;
  [[nodiscard]] int OpenLoop(const char** syscall) noexcept;
  void Turn() noexcept;
  void OnTimer() noexcept;
  void GoOnWorking(bool more) noexcept;
  void ArmTimer(uint64_t interval_ms) noexcept;
  void Report(Phase phase, int uv_error, const char* syscall) noexcept;
  void Detach() noexcept;

  Delegate& delegate_;
  Counters counters_;

  // Guarded by mutex_.
  UvMutex mutex_;
  UvCondition phase_changed_;
  Phase phase_ = Phase::kNotStarted;
  StartFailure start_failure_;
  CommandQueue commands_;

  // Written by Start, before the loop runs. `joinable_`, under mutex_: it was neither joined nor
  // detached yet.
  uv_thread_t thread_{};
  bool joinable_ = false;

  // Runtime thread. wake_ apart (L2).
  uv_loop_t loop_{};
  uv_async_t wake_{};
  uv_timer_t timer_{};
  uv_idle_t working_{};  // active while there is work: the loop does not sleep then
  uint64_t interval_ms_ = kHousekeepingMs;
  uint64_t events_at_timer_ = 0;
  bool quitting_ = false;
};

}  // namespace metrics_runtime
