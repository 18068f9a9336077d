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

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/deadline.h"
#include "core/event_class_registry.h"
#include "core/event_ring.h"
#include "core/metric.h"
#include "core/recorder_state.h"
#include "core/value_writer.h"

namespace metrics_runtime {

// Over all threads, since the recorder was created. accepted = dispatched + pending and
// offered = accepted + dropped in every reading.
struct RecorderStats {
  uint64_t accepted = 0;
  uint64_t dropped = 0;
  uint64_t dispatched = 0;
  uint64_t pending = 0;
  uint64_t invalid = 0;
  uint64_t labels_overflowed = 0;  // label values beyond their field's limit
  uint64_t series_overflowed = 0;  // values that went to an overflow series
  const char* fault = "";          // why it is in kFailure; empty otherwise
};

class Recorder {
 public:
  struct DrainCounts {
    uint64_t events = 0;
    uint32_t deepest = 0;
  };

  Recorder(std::string id, uint32_t queue_max_size)
      : id_(std::move(id)), queue_max_size_(queue_max_size) {}
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Any thread.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] uint32_t queue_max_size() const noexcept { return queue_max_size_; }
  [[nodiscard]] RecorderState state() const;
  [[nodiscard]] RecorderStats ReadStats() const;
  // Goes from `from` to `to` and tells every producer; false when the state is another one, which
  // stays. kFailure is never left, nor is the state in which the rings were let go.
  [[nodiscard]] bool Transition(RecorderState from, RecorderState to);
  // DetachRings was called: the memory of its rings is not touched again.
  [[nodiscard]] bool let_go() const;

  // Runtime thread.
  void AttachRing(std::unique_ptr<EventRing> ring);
  // Lets go of every ring; their memory is not touched again. What they counted stays in
  // ReadStats, and what they still held stays pending there for ever. Final, as is the state.
  void DetachRings();
  // Registers or replaces (same place, from zero) the metric; an equal definition changes nothing.
  // Throws std::bad_alloc, with nothing changed. `strings` outlives the recorder's last use.
  void RegisterMetric(MetricDefinition definition, const StringTable& strings);
  // A producer may still publish under the state before the last one: see EventRing.
  [[nodiscard]] bool ProducerInside() const noexcept;
  // Dispatches everything published so far. A recorder whose memory is corrupt, or for which the
  // system refuses memory, fails for good; what it had not dispatched stays pending.
  DrainCounts Drain(const EventClassRegistry& classes, const Deadline& deadline) noexcept;
  // An object: metric name -> dimensions, in the order of registration.
  void WriteSnapshots(ValueWriter& writer) const;

 private:
  // What one dimension does with one event class.
  struct Route {
    EventSource source;
    Dimension* target;
  };
  // By event class id; for each class in the order of registration.
  using Routes = std::vector<std::vector<Route>>;

  [[nodiscard]] static Routes MakeRoutes(const std::vector<std::shared_ptr<Metric>>& metrics);
  // nullptr; or why the event cannot be dispatched, a literal.
  [[nodiscard]] const char* Dispatch(const EventClass& event_class,
                                     const EventRecord& record) noexcept;
  // `reason`: a literal; failing must not need memory.
  void Fail(const char* reason) noexcept;
  void SetState(RecorderState state);

  const std::string id_;
  const uint32_t queue_max_size_;

  mutable std::mutex mutex_;
  RecorderState state_ = RecorderState::kVirgin;
  const char* fault_ = "";
  std::vector<std::unique_ptr<EventRing>> rings_;
  bool let_go_ = false;
  RingCounts let_go_counts_;
  // Written by the runtime thread, read by ReadStats: relaxed, each is a number on its own.
  uint64_t labels_overflowed_ = 0;
  uint64_t series_overflowed_ = 0;

  // Runtime thread.
  bool failed_ = false;
  std::vector<std::shared_ptr<Metric>> metrics_;
  Routes routes_;
};

}  // namespace metrics_runtime
