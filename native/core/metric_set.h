// The metrics of one recorder, in the order of registration, and which of them want which event.
//
// Threads: the runtime thread; the two counts may be read by any thread. After the runtime thread
// has ended, whoever holds the runtime's lock (runtime/runtime.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/event_class.h"
#include "core/event_record.h"
#include "core/metric.h"
#include "core/shared_word.h"
#include "core/string_table.h"
#include "core/value_writer.h"

namespace metrics_runtime {

class MetricSet {
 public:
  // Whose metrics they are in an exposition.
  struct Scope {
    std::shared_ptr<FamilyRegistry> families = nullptr;  // nullptr: nothing is exposed
    std::string name_space{};
    const void* recorder = nullptr;
  };
  using Refusal = std::optional<FamilyRegistry::Refusal>;

  MetricSet() = default;
  explicit MetricSet(Scope scope) : scope_(std::move(scope)) {}
  MetricSet(const MetricSet&) = delete;
  MetricSet& operator=(const MetricSet&) = delete;

  // Registers or replaces (same place, from zero) the metric; an equal definition changes nothing.
  // Each thread has its own names for custom metrics, beside the one name space of all; a declared
  // metric replaces those of every thread. No instrument has the name. Returns why it cannot be
  // exposed beside the others, with nothing changed. Throws std::bad_alloc, likewise. `strings`
  // outlives the set.
  Refusal Register(MetricDefinition definition, const StringTable& strings);
  [[nodiscard]] bool HasInstrument(std::string_view name) const noexcept;
  // The instrument of an equal definition, made when the name is free; nullptr: it is taken, or
  // `refusal` says why it cannot be exposed. Throws as Register.
  [[nodiscard]] std::shared_ptr<Instrument> AddInstrument(InstrumentDefinition definition,
                                                          const StringTable& strings,
                                                          Refusal& refusal);
  // nullptr; or why the event cannot be dispatched, a literal. Where memory was refused, metrics
  // before the one that it was refused to have counted the event.
  [[nodiscard]] const char* Dispatch(const EventClass& event_class,
                                     const EventRecord& record) noexcept;
  // An object in the order of registration: metric name -> dimensions; of the custom metrics,
  // those of `thread` with null; of what is observed, without the threads that were left out.
  void Write(ValueWriter& writer, const void* thread = nullptr,
             std::span<const void* const> left_out = {}) const;
  // `thread` has ended, and with it its custom metrics and its slots.
  void Forget(const void* thread) noexcept;
  // No slot of any thread is read again.
  void CloseInstruments() noexcept;
  // They are exposed no more.
  void GiveUpClaims() noexcept;
  // Those that are exposed, as they are now; a metric that is replaced or forgotten later lives as
  // long as it is held. Throws std::bad_alloc.
  [[nodiscard]] std::vector<std::shared_ptr<Metric>> exposed() const;

  // The same metrics with the state they have now, apart from this. Throws std::bad_alloc.
  [[nodiscard]] std::unique_ptr<MetricSet> Copy(const StringTable& strings) const;
  // Becomes what `kept` was.
  void Restore(MetricSet& kept) noexcept;

  // Since the recorder was created.
  [[nodiscard]] uint64_t labels_overflowed() const noexcept {
    return LoadRelaxed(&labels_overflowed_);
  }
  [[nodiscard]] uint64_t series_overflowed() const noexcept {
    return LoadRelaxed(&series_overflowed_) +
           instruments_overflowed_->load(std::memory_order_relaxed);
  }

 private:
  using Metrics = std::vector<std::shared_ptr<Metric>>;
  // What one dimension does with one event class.
  struct Route {
    EventSource source;
    Dimension* target;
  };
  // By event class id; for each class in the order of registration.
  using Routes = std::vector<std::vector<Route>>;

  [[nodiscard]] static Routes MakeRoutes(const Metrics& metrics);
  [[nodiscard]] std::vector<ExposedFamily> FamiliesOf(const MetricDefinition& definition) const;
  // Has the metric's families from now on, and no more those of the one that it replaces, which may
  // be nullptr.
  [[nodiscard]] Refusal Claim(Metric& metric, const Metric* replaced) const;

  Scope scope_;
  Metrics metrics_;
  Routes routes_;
  // Written by the runtime thread; relaxed: each is a number on its own.
  uint64_t labels_overflowed_ = 0;
  uint64_t series_overflowed_ = 0;
  // Of instruments, which count for themselves and may outlive this.
  const std::shared_ptr<std::atomic<uint64_t>> instruments_overflowed_ =
      std::make_shared<std::atomic<uint64_t>>(0);
};

}  // namespace metrics_runtime
