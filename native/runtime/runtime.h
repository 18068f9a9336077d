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
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/event_class_registry.h"
#include "core/metric.h"
#include "core/recorder.h"
#include "core/recorder_registry.h"
#include "runtime/failure.h"
#include "runtime/loop_thread.h"
#include "runtime/operation.h"

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

  static constexpr uint64_t kCallLimitNs = 5'000'000'000;
  static constexpr uint64_t kJoinLimitNs = 5'000'000'000;
  static constexpr uint64_t kFlushLimitNs = 1'000'000'000;

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
  // Dispatches everything published so far, for at most kFlushLimitNs; stays in its state.
  void Flush();
  // The JavaScript environment that made this runtime ends: drains for at most kFlushLimitNs, then
  // lets go of all its memory, however long that takes, and ends the thread.
  void EndWithEnvironment() noexcept;

  // Registry. `ring_memory`: see EventRing; the caller keeps it until the recorder was removed or
  // the runtime has ended.
  [[nodiscard]] Result<RecorderPtr> CreateRecorder(const std::string& id, uint32_t queue_max_size,
                                                   std::byte* ring_memory);
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

  // Recorders. The operations go on when nobody waits for them.
  [[nodiscard]] std::shared_ptr<Operation> BeginStart(const RecorderPtr& recorder);
  [[nodiscard]] std::shared_ptr<Operation> BeginStop(const RecorderPtr& recorder);
  [[nodiscard]] Status RegisterMetric(const RecorderPtr& recorder, MetricDefinition definition);
  // The bytes of Recorder::WriteSnapshots. Works in every state that the runtime can be in.
  [[nodiscard]] Result<std::vector<std::byte>> Snapshots(const RecorderPtr& recorder);

 private:
  static constexpr double kNsPerMs = 1e6;

  uint64_t Drain() noexcept override;

  // Runs `work` on the runtime thread and waits for it.
  [[nodiscard]] Status Call(std::function<void()> work, uint64_t limit_ns = kCallLimitNs);
  // Runs `work` where it may read what recorders aggregate: on the runtime thread or, after that
  // has ended, here.
  [[nodiscard]] Status Inspect(std::function<void()> work);
  [[nodiscard]] Status ShutDownFromRunning();
  [[nodiscard]] Status StopAndWait(const RecorderPtr& recorder);
  [[nodiscard]] std::shared_ptr<Operation> Begin(const RecorderPtr& recorder, Operation::Name name,
                                                 RecorderState from, RecorderState through,
                                                 RecorderState to);
  // The start or stop under way; nullptr when there is none.
  [[nodiscard]] std::shared_ptr<Operation> OperationOf(const RecorderPtr& recorder);
  // Why a recorder is not in the registry: a shutdown that began meanwhile may have removed it.
  [[nodiscard]] Failure NotFound() const;
  [[nodiscard]] Status ExpectRunning() const;
  void Settle(const RecorderPtr& recorder, const std::shared_ptr<Operation>& operation,
              Status status);

  // Runtime thread.
  [[nodiscard]] Status FinishTransition(const RecorderPtr& recorder, RecorderState through,
                                        RecorderState to);
  // Waits until no producer can publish in a recorder that is STOPPING, for at most
  // ProducerWait::kLimit for all of them; what one publishes later stays pending.
  void AwaitProducersOf(std::span<const RecorderPtr> recorders);
  void EndRecorders(std::span<const RecorderPtr> recorders);
  // The recorders it ended.
  std::vector<RecorderPtr> EndAllAndQuit();

  const std::string namespace_;
  std::atomic<RuntimeState> state_{RuntimeState::kVirgin};
  EventClassRegistry event_classes_;
  RecorderRegistry recorders_;
  LoopThread loop_thread_;

  // The one shutdown, shared by all who ask for it.
  std::mutex shutdown_mutex_;
  std::shared_ptr<Operation> shutdown_;

  // The operation under way, for each recorder that has one.
  std::mutex operations_mutex_;
  std::unordered_map<const Recorder*, std::shared_ptr<Operation>> operations_;

  // Runtime thread: the recorders to drain, in the order of their creation.
  std::vector<RecorderPtr> live_;
  std::atomic<uint64_t> deepest_queue_{0};  // runtime thread writes (relaxed), any thread reads

  Deadline drain_deadline_;  // set when the environment ends, asked by the runtime thread
  std::mutex ended_mutex_;
};

}  // namespace metrics_runtime
