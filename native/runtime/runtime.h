// The metrics runtime: its state machine, its recorders and the thread that serves them.
//
// Threads. Public members are called by JavaScript threads and may block, each with a limit. The
// event classes and the registry lock for themselves. `live_` and all that recorders aggregate
// belong to the runtime thread; after it was joined they are read under `ended_mutex_` (Inspect).
//
// Lifetime. Shared by the JavaScript handles and, while it runs, by the runtime thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/event_class_registry.h"
#include "core/exposition/family_registry.h"
#include "core/exposition/wall_clock.h"
#include "core/metric.h"
#include "core/recorder.h"
#include "core/recorder_registry.h"
#include "runtime/failure.h"
#include "runtime/loop_thread.h"
#include "runtime/operation.h"
#include "runtime/own_families.h"
#include "runtime/render_job.h"

namespace metrics_runtime {

class Runtime final : public std::enable_shared_from_this<Runtime>, private LoopThread::Delegate {
 public:
  using RecorderPtr = std::shared_ptr<Recorder>;

  struct Stats {
    uint64_t thread_id = 0;  // 0 while no thread runs
    uint64_t loop_turns = 0;
    uint64_t wake_ups = 0;
    uint64_t events_drained = 0;
    uint64_t deepest_queue = 0;
    double drain_time_ms = 0;
  };

  // What makes the runtime thread let go of a recorder, and what does when the first was given up:
  // made before there is no way back, because making them may need memory that is refused.
  struct Ending {
    explicit Ending(const std::function<void()>& work)
        : now(std::make_shared<Command>(work)), later(std::make_shared<Command>(work)) {}
    const std::shared_ptr<Command> now;
    const std::shared_ptr<Command> later;
  };

  // A start between whose steps a hook runs, and what may come of it: likewise made before. For one
  // creation, or for one start.
  struct HeldStart {
    // Written by the thread that starts, before it posts what reads it.
    struct Outcome {
      std::shared_ptr<Operation> operation;  // nullptr: a creation
      RecorderFault::Kind kind = RecorderFault::Kind::kNone;
      std::string reason;
    };
    const std::shared_ptr<Outcome> outcome;
    const std::shared_ptr<Command> finish;
    const Ending abandon;
  };

  static constexpr uint64_t kCallLimitNs = 5'000'000'000;
  static constexpr uint64_t kJoinLimitNs = 5'000'000'000;
  static constexpr uint64_t kFlushLimitNs = 1'000'000'000;
  // How long a stop waits for custom metrics of other threads.
  static constexpr uint64_t kReadersLimitNs = 1'000'000'000;

  explicit Runtime(std::string name_space);
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  // Never block on the loop.
  [[nodiscard]] RuntimeState state() const noexcept { return state_.load(); }
  [[nodiscard]] Stats stats() const noexcept;
  [[nodiscard]] EventClassRegistry& event_classes() noexcept { return event_classes_; }
  void Wake() noexcept { loop_thread_.Wake(); }
  // No thread of this runtime touches the memory of any ring again.
  [[nodiscard]] bool let_go() noexcept { return loop_thread_.ended(); }

  // Lifecycle.
  [[nodiscard]] Status Start();
  [[nodiscard]] Status Shutdown();
  // What ran after a shutdown that succeeded has failed: CLOSED becomes FAILURE.
  void FailClosed() noexcept;
  // Dispatches everything published so far, for at most kFlushLimitNs; stays in its state.
  void Flush();
  // The JavaScript environment that made this runtime ends: drains for at most kFlushLimitNs, then
  // lets go of all its memory, however long that takes, and ends the thread.
  void EndWithEnvironment() noexcept;

  // Registry.
  //
  // For a recorder that a hook is part of starting.
  [[nodiscard]] HeldStart HoldStart(const RecorderPtr& recorder);
  // Creates `recorder`, which is new, starts it and registers it, in one turn of the loop.
  // `ring_memory`: see EventRing; the caller keeps it until the recorder was removed or the runtime
  // has ended, or this has failed.
  [[nodiscard]] Status CreateRecorder(const RecorderPtr& recorder, std::byte* ring_memory);
  // For Recorder::Origin.
  [[nodiscard]] uint64_t NextSerial() noexcept { return ++last_serial_; }
  // The same in two steps, between which the recorder is STARTING and its id taken. When the first
  // has succeeded, either of the others follows.
  [[nodiscard]] Status BeginCreation(const RecorderPtr& recorder, std::byte* ring_memory);
  // Failed: it was abandoned.
  [[nodiscard]] Status FinishCreation(const RecorderPtr& recorder, const HeldStart& held);
  // The recorder fails because the hook threw, and leaves no trace.
  void AbandonCreation(const RecorderPtr& recorder, const HeldStart& held,
                       std::string reason) noexcept;

  [[nodiscard]] Result<RecorderPtr> FindRecorder(const std::string& id) const;
  [[nodiscard]] Result<std::vector<std::string>> RecorderIds() const;
  [[nodiscard]] Status StopRecorder(const std::string& id);
  // The recorder leaves the registry also when stopping it failed; both are told.
  struct Removal {
    RecorderPtr recorder = nullptr;  // nullptr: nothing was removed
    bool let_go = false;             // the runtime will not touch the ring's memory again
    Status failure = std::nullopt;
  };
  [[nodiscard]] Removal StopAndRemoveRecorder(const std::string& id);

  // Threads other than the one that created a recorder. `producer` stands for the calling one.
  //
  // From then on it may produce into `ring_memory`, as with CreateRecorder.
  [[nodiscard]] Status AttachRing(const RecorderPtr& recorder, std::byte* ring_memory,
                                  const void* producer);
  // What LetGoOf posts; made when the thread attaches, so that its end needs no memory.
  [[nodiscard]] std::shared_ptr<Command> MakeFarewell(const void* producer);
  // The environment of an attached thread ends: dispatches what it had published, for at most
  // kFlushLimitNs, and lets go of its memory, however long that takes. What it was about to start
  // is abandoned.
  void LetGoOf(const std::shared_ptr<Command>& farewell) noexcept;

  // Expositions.
  //
  // The job goes on when nobody waits for it, and never outlives the runtime's thread. `thread`
  // stands for the calling one, which has run its callbacks. Throws std::bad_alloc.
  [[nodiscard]] std::shared_ptr<RenderJob> BeginRender(RenderRequest request, const void* thread);
  // For Recorder::Origin.
  [[nodiscard]] const std::shared_ptr<FamilyRegistry>& families() const noexcept {
    return families_;
  }

  // Recorders. The operations go on when nobody waits for them.
  struct Beginning {
    std::shared_ptr<Operation> operation;
    bool begun;  // by this call; else it is settled, or one that was under way
  };
  [[nodiscard]] Beginning BeginStart(const RecorderPtr& recorder);
  [[nodiscard]] Beginning BeginStop(const RecorderPtr& recorder);
  // A start in two steps, between which the recorder is STARTING: when begun, either of the other
  // two follows.
  [[nodiscard]] Beginning BeginHeldStart(const RecorderPtr& recorder, const HeldStart& held);
  void FinishHeldStart(const HeldStart& held) noexcept;
  // The recorder fails because the hook threw; the events accepted since the first step count as
  // dropped.
  void AbandonHeldStart(const RecorderPtr& recorder, const HeldStart& held,
                        std::string reason) noexcept;
  // What ran after the stop of a STOPPED recorder has failed for `reason`, and so has the recorder.
  void FailStopped(const RecorderPtr& recorder, const std::string& reason);
  // `before` runs on the runtime thread, in the same turn.
  [[nodiscard]] Status RegisterMetric(const RecorderPtr& recorder, MetricDefinition definition,
                                      const std::function<void()>& before = nullptr);
  // The place of a metric that runs in the calling thread, for which `producer` stands. `notify`:
  // see Recorder::NotifyReadersOf.
  [[nodiscard]] Status RegisterCustomMetric(const RecorderPtr& recorder, std::string name,
                                            const void* producer,
                                            const std::function<void()>& notify);
  [[nodiscard]] Result<std::shared_ptr<Instrument>> AddInstrument(const RecorderPtr& recorder,
                                                                  InstrumentDefinition definition);
  // The bytes of Recorder::WriteSnapshots. Works in every state that the runtime can be in.
  [[nodiscard]] Result<std::vector<std::byte>> Snapshots(
      const RecorderPtr& recorder, const void* thread = nullptr,
      std::span<const void* const> left_out = {});
  // The same, with what the threads that have observable gauges in the recorder say now; `thread`
  // has observed before. Blocks for theirs first: see Observation.
  [[nodiscard]] Result<std::vector<std::byte>> ObservedSnapshots(const RecorderPtr& recorder,
                                                                 const void* thread);

 private:
  static constexpr double kNsPerMs = 1e6;

  uint64_t Drain() noexcept override;
  [[nodiscard]] bool Work() noexcept override;
  [[nodiscard]] bool KeepsTime() const noexcept override {
    return !awaited_.empty() || !renders_.empty();
  }

  // Runs `work` on the runtime thread and waits for it.
  template <typename Work>
  [[nodiscard]] Status Call(Work&& work, uint64_t limit_ns = kCallLimitNs) {
    try {
      return UnlessEnded(
          PostAndWait(std::make_shared<Command>(std::forward<Work>(work)), limit_ns));
    } catch (...) {
      return Failure{.kind = Failure::Kind::kOutOfMemory};
    }
  }
  // The state of a runtime that has ended says more than that there is no loop.
  [[nodiscard]] Status UnlessEnded(Status status) const;
  [[nodiscard]] Status PostAndWait(const std::shared_ptr<Command>& command,
                                   uint64_t limit_ns) noexcept;
  // Runs `work` where it may read what recorders aggregate: on the runtime thread or, after that
  // has ended, here.
  [[nodiscard]] Status Inspect(const std::function<void()>& work);
  [[nodiscard]] Status ShutDownFromRunning();
  [[nodiscard]] Status StopAndWait(const RecorderPtr& recorder);
  [[nodiscard]] Beginning Begin(const RecorderPtr& recorder, Operation::Name name);
  // Gives the operation its place and, unless it is to go later, takes the recorder to the
  // state in which it goes on.
  enum class Go { kNow, kLater };
  [[nodiscard]] Beginning Claim(const RecorderPtr& recorder, Operation::Name name,
                                Go go = Go::kNow);
  // Has the runtime thread finish what was claimed.
  void Proceed(const RecorderPtr& recorder, const std::shared_ptr<Operation>& operation);
  // The start or stop under way; nullptr when there is none.
  [[nodiscard]] std::shared_ptr<Operation> OperationOf(const RecorderPtr& recorder);
  // Why a recorder is not in the registry: a shutdown that began meanwhile may have removed it.
  [[nodiscard]] Failure NotFound() const;
  // Why a job ends without having been rendered.
  [[nodiscard]] Failure WhyNotRendered() const;
  [[nodiscard]] Status ExpectRunning() const;
  [[nodiscard]] static Status ExpectOpen(const Recorder& recorder);
  void Settle(const RecorderPtr& recorder, const std::shared_ptr<Operation>& operation,
              Status status);
  // Settles what was under way when the recorder's end came first.
  void SettleEnded(const RecorderPtr& recorder, const std::shared_ptr<Operation>& operation);
  // Settles it as failed for where the recorder is.
  void SettleFailed(const RecorderPtr& recorder,
                    const std::shared_ptr<Operation>& operation) noexcept;
  [[nodiscard]] Status Create(const RecorderPtr& recorder, std::byte* ring_memory,
                              std::function<void()> complete);
  void Abandon(const RecorderPtr& recorder, const HeldStart& held, RecorderFault::Kind kind,
               std::string reason, uint64_t limit_ns) noexcept;
  // Within `limit_ns`: then nothing is returned; or whenever the loop can.
  [[nodiscard]] Status LetGo(const RecorderPtr& recorder, const Ending& ending,
                             uint64_t limit_ns) noexcept;
  // Why a recorder is in kFailure.
  [[nodiscard]] static Failure Fault(const Recorder& recorder);
  // Why a recorder is not where an operation was to take it: its fault, or another state.
  [[nodiscard]] static Failure WhyElsewhere(const Recorder& recorder);

  // Runtime thread.
  void Finish(const RecorderPtr& recorder, const std::shared_ptr<Operation>& operation);
  [[nodiscard]] Status Arrive(const RecorderPtr& recorder, Operation::Name name);
  // A stop whose recorder has dispatched everything waits for custom metrics without holding up the
  // loop: false, when there is nothing to wait for.
  [[nodiscard]] bool AwaitsReaders(const RecorderPtr& recorder,
                                   const std::shared_ptr<Operation>& operation) noexcept;
  void FinishAwaited() noexcept;
  // The same for recorders that end, holding up the loop. Not when an environment ends.
  void AwaitReadersOf(std::span<const RecorderPtr> recorders) noexcept;
  void FinishHeld(const RecorderPtr& recorder, const HeldStart::Outcome& outcome) noexcept;
  void TakeBackStart(const RecorderPtr& recorder, RecorderFault::Kind kind,
                     std::string reason) noexcept;
  [[nodiscard]] Status BeginRendering(RenderJob& job);
  [[nodiscard]] OwnTimes OwnTimesNow() const noexcept;
  void EndRenders() noexcept;
  void EndProducer(const void* producer) noexcept;
  // Waits until no producer can publish in a recorder that is STOPPING, for at most
  // ProducerWait::kLimit for all of them; what one publishes later stays pending.
  void AwaitProducersOf(std::span<const RecorderPtr> recorders);
  void EndRecorders(std::span<const RecorderPtr> recorders);
  void EndAllAndQuit() noexcept;

  const std::string namespace_;
  std::atomic<RuntimeState> state_{RuntimeState::kVirgin};
  EventClassRegistry event_classes_;
  const double begun_ = WallClockSeconds();
  const std::shared_ptr<FamilyRegistry> families_ = std::make_shared<FamilyRegistry>();
  std::optional<OwnFamilies> own_families_;  // from Start on, as long as this
  std::shared_ptr<FamilyRegistry::Claim> own_claim_;
  RecorderRegistry recorders_;
  std::atomic<uint64_t> last_serial_{0};  // any thread; a number on its own
  LoopThread loop_thread_;

  // The one shutdown, shared by all who ask for it, and its two commands: the one that ends the
  // loop, and the one that does when the first was given up. Made by Start, so that no end needs
  // memory.
  std::shared_ptr<Operation> shutdown_;
  std::shared_ptr<Command> end_;
  std::shared_ptr<Command> late_end_;
  std::vector<RecorderPtr> ended_;  // runtime thread writes, Shutdown reads after it was joined

  // The operation under way, for each recorder that has one.
  std::mutex operations_mutex_;
  std::unordered_map<const Recorder*, std::shared_ptr<Operation>> operations_;

  // Runtime thread: the recorders to drain, in the order of their creation.
  std::vector<RecorderPtr> live_;
  // Runtime thread: stops that wait for custom metrics.
  struct Awaited {
    RecorderPtr recorder;
    std::shared_ptr<Operation> operation;
    uint64_t until_ns;
  };
  std::vector<Awaited> awaited_;
  // Runtime thread: expositions, one after the other, and what they have taken.
  std::deque<std::shared_ptr<RenderJob>> renders_;
  uint64_t render_ns_ = 0;
  uint64_t rendered_ = 0;
  uint64_t renders_failed_ = 0;
  std::atomic<uint64_t> deepest_queue_{0};  // runtime thread writes (relaxed), any thread reads

  // Set when the environment ends that made the runtime; asked by the runtime thread.
  Deadline drain_deadline_;
  // Of the turns in which an attached thread says farewell, and how many do: written by the
  // threads that end, asked by the runtime thread.
  Deadline farewell_deadline_;
  std::atomic<int> farewells_{0};
  // Of a drain that began without one: put off by the runtime thread, brought forward by those who
  // set one of the others.
  Deadline turn_deadline_;
  std::mutex ended_mutex_;
};

}  // namespace metrics_runtime
