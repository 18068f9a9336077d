// One measured scope: the metrics registered in it, the rings that feed it, its state and counts.
//
// Threads. The runtime thread is the only one that changes the list of rings, changes metrics and
// dispatches events. Any thread may read the state and the counts and may ask for a transition;
// `mutex_` guards what those share: the state, the fault, the list of rings while it is changed
// or walked by others, and the counts of rings that were let go. The runtime thread walks its own
// list of rings without the lock. Once the runtime thread has ended, the rest is guarded by the
// runtime's lock (runtime/runtime.h).
//
// Lifetime: shared by the registry and the JavaScript handles, so that snapshots and counts can be
// read after it was removed or its runtime closed.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/deadline.h"
#include "core/event_class_registry.h"
#include "core/event_ring.h"
#include "core/exposition/wall_clock.h"
#include "core/metric_set.h"
#include "core/observers.h"
#include "core/recorder_fault.h"
#include "core/recorder_state.h"
#include "core/value_writer.h"

namespace metrics_runtime {

// Over all threads, since the recorder was created. offered = accepted + dropped in every reading;
// accepted = dispatched + pending too, but for dispatched events that custom metrics still have to
// handle: those are pending as well.
struct RecorderStats {
  uint64_t accepted = 0;
  uint64_t dropped = 0;
  uint64_t dispatched = 0;
  uint64_t pending = 0;
  uint64_t invalid = 0;
  uint64_t undelivered = 0;          // what custom metrics did not get to handle
  uint64_t hook_failures = 0;        // of hooks whose failure has no other consequence
  uint64_t labels_overflowed = 0;    // label values beyond their field's limit
  uint64_t series_overflowed = 0;    // values that went to an overflow series
  uint64_t observations_failed = 0;  // callbacks that failed, threads that did not come
  RecorderFault fault{};             // why it is in kFailure; kNone otherwise
};

class Recorder {
 public:
  struct DrainCounts {
    uint64_t events = 0;
    uint32_t deepest = 0;
  };

  // What the threads that use it are to know of it, and the runtime only keeps.
  struct Origin {
    uint64_t serial = 0;  // tells recorders of one id apart
    std::string attributes = {};
    const void* creator = nullptr;  // stands for the thread that created it
    // In expositions; without `families` in none.
    std::shared_ptr<FamilyRegistry> families = nullptr;
    std::string name_space = {};
    std::string entity_id = {};
  };

  Recorder(std::string id, uint32_t queue_max_size) : Recorder(std::move(id), queue_max_size, {}) {}
  Recorder(std::string id, uint32_t queue_max_size, Origin origin)
      : id_(std::move(id)),
        queue_max_size_(queue_max_size),
        origin_(std::move(origin)),
        metrics_(
            {.families = origin_.families, .name_space = origin_.name_space, .recorder = this}) {}
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Any thread.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] uint32_t queue_max_size() const noexcept { return queue_max_size_; }
  [[nodiscard]] const Origin& origin() const noexcept { return origin_; }
  // When it was made, in seconds since the epoch.
  [[nodiscard]] double begun() const noexcept { return begun_; }
  [[nodiscard]] RecorderState state() const;
  // How often it came to kStopped.
  [[nodiscard]] uint32_t stops() const;
  // `notify` is called, on whichever thread, each time that it has come to kStopped. It must not
  // throw, and not call this. Before the recorder is known to others.
  void NotifyStops(std::function<void()> notify) { stopped_ = std::move(notify); }
  [[nodiscard]] RecorderStats ReadStats() const;
  // `notify` is called on the runtime thread, after each drain at which the metrics of the creating
  // thread itself still have events to handle, and when they are retired. It must not throw. Before
  // the recorder is known to others.
  void NotifyCreatorsReader(std::function<void()> notify) { creators_events_ = std::move(notify); }
  // Goes from `from` to `to` and tells every producer; false when the state is another one, which
  // stays. kFailure is never left, nor is the state in which the rings were let go.
  [[nodiscard]] bool Transition(RecorderState from, RecorderState to);
  // To kStopping, if it is open; and never to kStarting again.
  void BeginEnd();
  // As Transition to kFailure, with the reason.
  [[nodiscard]] bool FailFrom(RecorderState from, RecorderFault::Kind kind, std::string reason);
  // The custom metric `name` of the thread that `producer` stands for has thrown and gets no more
  // events, until the name is registered again. Throws std::bad_alloc.
  void Quarantine(std::string name, const void* producer);
  // Their names, each once. Throws std::bad_alloc.
  [[nodiscard]] std::vector<std::string> quarantined() const;
  void CountHookFailure() noexcept { hook_failures_.fetch_add(1, std::memory_order_relaxed); }
  // The threads whose callbacks a snapshot asks for values.
  [[nodiscard]] Observers& observers() noexcept { return observers_; }
  // DetachRings was called: the memory of its rings is not touched again.
  [[nodiscard]] bool let_go() const;

  // Runtime thread.
  // False: its rings were let go, and this one's memory is not touched. Throws std::bad_alloc, with
  // nothing changed.
  bool AttachRing(std::unique_ptr<EventRing> ring);
  // The thread that `producer` stands for has ended: dispatches what its rings hold and lets go of
  // them. Their counts stay; what is left at the deadline stays pending for ever.
  void EndRingsOf(const void* producer, const EventClassRegistry& classes,
                  const Deadline& deadline) noexcept;
  // Lets go of every ring; their memory is not touched again. What they counted stays in
  // ReadStats, and what they still held stays pending there for ever. Final, as is the state.
  void DetachRings();
  // MetricSet::Register.
  MetricSet::Refusal RegisterMetric(MetricDefinition definition, const StringTable& strings);
  // Of MetricSet.
  [[nodiscard]] bool HasInstrument(std::string_view name) const noexcept {
    return metrics_.HasInstrument(name);
  }
  [[nodiscard]] std::shared_ptr<Instrument> AddInstrument(InstrumentDefinition definition,
                                                          const StringTable& strings,
                                                          MetricSet::Refusal& refusal) {
    return metrics_.AddInstrument(std::move(definition), strings, refusal);
  }
  // MetricSet::exposed.
  [[nodiscard]] std::vector<std::shared_ptr<Metric>> exposed() const { return metrics_.exposed(); }
  // Custom metrics. `notify`: as NotifyCreatorsReader, for the rings of `producer`.
  void NotifyReadersOf(const void* producer, const std::function<void()>& notify);
  // Some thread's own metrics still have published events to handle.
  [[nodiscard]] bool ReadersHold() const noexcept;
  void SignalReaders() const noexcept;
  // Those that hold events handle no more; what they had not taken counts as undelivered.
  void RetireHoldingReaders() noexcept;
  // A producer may still publish under the state before the last one: see EventRing.
  [[nodiscard]] bool ProducerInside() const noexcept;
  // Dispatches everything published so far, unless it is kStopped. Past the deadline each ring
  // still has its next few events dispatched. A recorder whose memory is corrupt, or for which the
  // system refuses memory, fails for good; what it had not dispatched stays pending.
  DrainCounts Drain(const EventClassRegistry& classes, const Deadline& deadline) noexcept;
  // MetricSet::Write.
  void WriteSnapshots(ValueWriter& writer, const void* thread = nullptr,
                      std::span<const void* const> left_out = {}) const {
    metrics_.Write(writer, thread, left_out);
  }

  // A start that may be taken back. Keep, before its first event; throws std::bad_alloc. Then
  // either ConfirmStart or, when no producer can publish any more, TakeBackStart: metrics are what
  // they were, the events accepted meanwhile count as dropped, the rings are let go, and the
  // recorder has failed: for this reason, unless it had failed before.
  void KeepForTakingBack(const StringTable& strings);
  void ConfirmStart() noexcept;
  [[nodiscard]] bool start_may_be_taken_back() const noexcept { return kept_ != nullptr; }
  void TakeBackStart(RecorderFault::Kind kind, std::string reason) noexcept;

 private:
  // What a start may have to take back.
  struct Quarantined {
    std::string name;
    const void* producer;
  };
  struct Kept {
    std::unique_ptr<MetricSet> metrics;
    RingCounts counts;
    std::vector<Quarantined> quarantined;
  };

  // `reason`: a literal; failing must not need memory.
  void Fail(const char* reason) noexcept;
  void SetState(RecorderState state);
  // Runtime thread. Not after it has failed; nor while it is kStopped: what a producer that was
  // given up publishes after the stop is pending, until the next start.
  [[nodiscard]] bool dispatches() const { return !failed_ && state() != RecorderState::kStopped; }
  // False: the recorder has failed.
  [[nodiscard]] bool DrainRing(EventRing& ring, const EventClassRegistry& classes,
                               const Deadline& deadline, DrainCounts& counts) noexcept;
  // Retires their readers, whatever they hold.
  void LetGoOfReaders() noexcept;
  // Under mutex_: over all rings, and those that were let go.
  [[nodiscard]] RingCounts SumCounts() const;

  const std::string id_;
  const uint32_t queue_max_size_;
  const Origin origin_;
  const double begun_ = WallClockSeconds();
  std::function<void()> stopped_;
  std::function<void()> creators_events_;
  std::atomic<uint64_t> hook_failures_{0};  // any thread; relaxed: a number on its own
  Observers observers_;

  mutable std::mutex mutex_;
  RecorderState state_ = RecorderState::kVirgin;
  uint32_t stops_ = 0;
  RecorderFault fault_;
  std::string fault_text_;  // what `fault_` points to unless it is a literal; written once
  std::vector<std::unique_ptr<EventRing>> rings_;
  bool ending_ = false;
  bool had_ring_ = false;
  bool let_go_ = false;
  RingCounts let_go_counts_;
  std::vector<Quarantined> quarantined_;

  // Runtime thread.
  bool failed_ = false;
  MetricSet metrics_;
  std::unique_ptr<Kept> kept_;
};

}  // namespace metrics_runtime
