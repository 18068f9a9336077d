// A runtime that runs, with what JavaScript would add: rings and an event class. Ended with the
// test.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/runtime.h"
#include "support/eventually.h"
#include "support/fields.h"
#include "support/ring_producer.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

inline constexpr auto kPatienceNs =
    static_cast<uint64_t>(std::chrono::nanoseconds(kPatience).count());

inline bool Has(const Status& status, Failure::Kind kind) {
  return status.has_value() && status->kind == kind;
}
template <typename Value>
bool Has(const Result<Value>& result, Failure::Kind kind) {
  const auto* failure = std::get_if<Failure>(&result);
  return failure != nullptr && failure->kind == kind;
}
template <typename Value>
bool Succeeded(const Result<Value>& result) {
  return std::holds_alternative<Value>(result);
}

// A recorder and its feeder.
struct FedRecorder {
  std::shared_ptr<RingProducer> producer;
  Runtime::RecorderPtr recorder;

  [[nodiscard]] bool Offer(const EventClass& event_class) {
    return producer->Offer(event_class, {1}) == RingProducer::Offered::kAccepted;
  }
};

// A new recorder in `runtime`, which runs.
inline Result<Runtime::RecorderPtr> CreateIn(Runtime& runtime, const std::string& id,
                                             uint32_t queue_max_size, std::byte* ring_memory) {
  auto recorder = std::make_shared<Recorder>(id, queue_max_size);
  if (Status failure = runtime.CreateRecorder(recorder, ring_memory)) return *std::move(failure);
  return recorder;
}

class RunningRuntime {
 public:
  RunningRuntime() { REQUIRE_FALSE(runtime->Start().has_value()); }
  ~RunningRuntime() { runtime->EndWithEnvironment(); }
  RunningRuntime(const RunningRuntime&) = delete;
  RunningRuntime& operator=(const RunningRuntime&) = delete;

  FedRecorder Create(const std::string& id, uint32_t queue_max_size = 100) {
    auto producer = std::make_shared<RingProducer>(queue_max_size, [this] { runtime->Wake(); });
    held_.push_back(producer);
    auto created = CreateIn(*runtime, id, queue_max_size, producer->memory());
    REQUIRE(Succeeded(created));
    return {std::move(producer), std::get<Runtime::RecorderPtr>(created)};
  }

  // Frees the memory of a ring that must have been let go: AddressSanitizer and valgrind watch from
  // here who still touches it.
  void Free(FedRecorder& fed) {
    std::erase(held_, fed.producer);
    fed.producer.reset();
  }

  // A metric that counts `tick`.
  [[nodiscard]] MetricDefinition Ticks(std::string name) const {
    return {.name = std::move(name),
            .fingerprint = "",
            .dimensions = {{.name = "total", .sources = {{.event_class = &tick}}}}};
  }
  [[nodiscard]] std::string Snapshots(const Runtime::RecorderPtr& recorder) const {
    const auto bytes = runtime->Snapshots(recorder);
    if (!Succeeded(bytes)) return "failed";
    return ValueText(std::get<std::vector<std::byte>>(bytes));
  }

  std::shared_ptr<Runtime> runtime = std::make_shared<Runtime>("test");
  const EventClass& tick = Registered(runtime->event_classes(), "tick", Float64s(1));

 private:
  // As the environment does: until the runtime has ended, which our destructor sees to.
  std::vector<std::shared_ptr<RingProducer>> held_;
};

// Whether the operation ended in time, and well.
inline bool Ends(const std::shared_ptr<Operation>& operation) {
  return operation->Wait(kPatienceNs) && !operation->failure().has_value();
}

}  // namespace metrics_runtime::test
