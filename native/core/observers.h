// The threads of one recorder that have observable gauges, and who waits for them to observe.
//
// Who looks at the recorder asks for a round: Request sends word to each of those threads, which
// run their callbacks and answer. Pending says whether somebody is still to come; LeaveOut ends the
// round and names those who did not. Nothing here waits, so that a thread that must not be blocked
// can ask too: `changed` tells it when to look again (runtime/observation.h is who does wait).
//
// An observer answers a round by having run its callbacks since it was asked, or by being inside: a
// thread that is blocked in a snapshot of this recorder has run them just before, and can run
// nothing now. So two threads that look at once never wait for each other.
//
// Threads: any. One lock guards all of it; `ask` and `changed` are called under it, so they must
// not call this, wait or throw. Who writes an observer:
//   answered   its own thread (Answer, Enter); Request, for one that is inside
//   inside     its own thread (Enter, Leave)
// and the list of them: Add by the thread itself, Remove by the thread itself or on the runtime
// thread after its end, Close by the runtime thread. What its callbacks have written in slots, the
// thread has written before it answers, and who asked reads after it saw that answer: the lock
// orders them.
//
// Lifetime: of the recorder, which holds it. `ask` is held until Remove or Close, and called no
// more afterwards; `changed` until LeaveOut or End, likewise.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

namespace metrics_runtime {

class Observers {
 public:
  // Numbers that grow; kNone is no round.
  using Round = uint64_t;
  static constexpr Round kNone = 0;

  Observers() = default;
  Observers(const Observers&) = delete;
  Observers& operator=(const Observers&) = delete;

  // The thread that `thread` stands for is asked from the next round on, by a call of `ask` on
  // whichever thread; once, however often it is added. After Close nothing happens. Throws
  // std::bad_alloc, with nothing changed.
  void Add(const void* thread, std::function<void()> ask);
  // It has ended, or is about to: nobody waits for it any more.
  void Remove(const void* thread) noexcept;
  // The recorder has ended: nobody is asked again. Each observer is called a last time, so that it
  // can forget what it has for this recorder.
  void Close() noexcept;

  [[nodiscard]] bool any() const noexcept {
    const std::lock_guard lock(mutex_);
    return !observers_.empty();
  }
  // The last round that somebody waits in for this thread; kNone: nobody does.
  [[nodiscard]] Round Asked(const void* thread) const noexcept;
  // It has observed since it was asked for `round`: that answers it and those before.
  void Answer(const void* thread, Round round) noexcept;
  // From here until Leave it is inside: it has observed all that it is going to.
  void Enter(const void* thread) noexcept;
  void Leave(const void* thread) noexcept;

  // Asks every observer that is not inside. LeaveOut or End follows, always. `changed` is called,
  // on whichever thread, when nobody is pending any more, unless that was so from the beginning.
  // Throws std::bad_alloc, with nobody asked.
  [[nodiscard]] Round Request(std::function<void()> changed);
  [[nodiscard]] bool Pending(Round round) const noexcept;
  // The round is over; those who have not come to it are counted. Throws std::bad_alloc: then it is
  // over too.
  [[nodiscard]] std::vector<const void*> LeaveOut(Round round);
  // The round is over, and nobody wants to know who came.
  void End(Round round) noexcept;

  // How often an observer was left out or a callback has failed.
  void CountFailure() noexcept { failures_.fetch_add(1, std::memory_order_relaxed); }
  [[nodiscard]] uint64_t failures() const noexcept {
    return failures_.load(std::memory_order_relaxed);
  }

 private:
  struct Observer {
    const void* thread;
    std::function<void()> ask;
    Round answered;  // this round and all before
    bool inside = false;
  };
  struct Waiting {
    Round round;
    std::function<void()> changed;
    bool told = false;
  };

  // Under mutex_.
  [[nodiscard]] Observer* Find(const void* thread) noexcept;
  [[nodiscard]] bool PendingIn(Round round) const noexcept;
  void TellWaiting() noexcept;

  std::atomic<uint64_t> failures_{0};  // any thread; relaxed: a number on its own

  mutable std::mutex mutex_;
  bool closed_ = false;
  Round last_round_ = kNone;
  std::vector<Observer> observers_;
  std::vector<Waiting> waiting_;
};

}  // namespace metrics_runtime
