// One exposition that a JavaScript thread asked for: it waits for observable gauges, is rendered
// slice by slice on the runtime thread (core/exposition/rendering.h), and leaves bytes.
//
// Threads. The thread that asks makes it; the runtime thread does the rest. `operation` is
// anybody's and is settled when it has ended; `bytes` is written before that, and is its owner's
// afterwards. `given_up` is set by the owner and read by the runtime thread, and nothing is
// published by it: both relaxed.
//
// Lifetime: shared by the runtime and the JavaScript handle. The runtime settles every job before
// its thread ends, so that nothing here outlives what it refers to.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/exposition/rendering.h"
#include "core/observers.h"
#include "core/recorder.h"
#include "runtime/observation.h"
#include "runtime/operation.h"

namespace metrics_runtime {

struct RenderRequest {
  ExpositionFormat format = ExpositionFormat::kPrometheusText;
  bool gzip = false;
  std::shared_ptr<Recorder> recorder = nullptr;  // nullptr: all of the runtime
};

class RenderJob {
 public:
  // How long the runtime thread is at it before it drains and runs commands again.
  static constexpr uint64_t kSliceNs = 500'000;
  // How long observable gauges of other threads are waited for.
  static constexpr uint64_t kObserversLimitNs = Observation::kLimitNs;

  explicit RenderJob(RenderRequest request) : request_(std::move(request)) {}
  ~RenderJob() { EndRounds(); }
  RenderJob(const RenderJob&) = delete;
  RenderJob& operator=(const RenderJob&) = delete;

  [[nodiscard]] const std::shared_ptr<Operation>& operation() const noexcept { return operation_; }
  // Once it has settled without a failure; once.
  [[nodiscard]] RenderedBytes TakeBytes() noexcept { return std::move(bytes_); }

  // The owner: nobody takes the bytes. It ends at the next slice, as a failure.
  void GiveUp() noexcept { given_up_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool given_up() const noexcept { return given_up_.load(std::memory_order_relaxed); }

  // The thread that asks, which has run its own callbacks and is not inside one: asks the others.
  // `changed` is called, on whichever thread, when somebody has answered. Throws std::bad_alloc.
  void AskObservers(const std::vector<std::shared_ptr<Recorder>>& recorders, const void* thread,
                    const std::function<void()>& changed);
  // The thread that asks, blocked until it has settled or the limit is over: meanwhile it is inside
  // what it has observed, so that nobody waits for it.
  [[nodiscard]] bool Wait(const void* thread, uint64_t limit_ns) const;

  // Runtime thread.
  [[nodiscard]] const RenderRequest& request() const noexcept { return request_; }
  // Some thread still has to observe, and there is time for it.
  [[nodiscard]] bool Waits() const noexcept;
  // Begun once, with what is there then. Throws std::bad_alloc.
  [[nodiscard]] bool begun() const noexcept { return rendering_.has_value(); }
  void Begin(const std::vector<std::shared_ptr<Recorder>>& recorders,
             Rendering::NumbersOf numbers_of);
  // A slice; true: all is rendered, and the job is to be settled. Throws std::bad_alloc.
  [[nodiscard]] bool Step();
  // Ends it; without a failure, with the bytes.
  void Settle(Status failure) noexcept;

 private:
  struct Round {
    std::shared_ptr<Recorder> recorder;
    Observers::Round round;
  };

  // Has observed all that it is going to, until the end of this.
  class Inside {
   public:
    Inside(const RenderJob& job, const void* thread) noexcept : job_(job), thread_(thread) {
      for (const auto& recorder : job_.observed_) recorder->observers().Enter(thread_);
    }
    ~Inside() {
      for (const auto& recorder : job_.observed_) recorder->observers().Leave(thread_);
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    const RenderJob& job_;
    const void* const thread_;
  };

  void EndRounds() noexcept;

  const RenderRequest request_;
  const std::shared_ptr<Operation> operation_ =
      std::make_shared<Operation>(Operation::Name::kRender);
  std::atomic<bool> given_up_ = false;
  std::vector<std::shared_ptr<Recorder>> observed_;  // the thread that asks
  std::vector<Round> rounds_;
  uint64_t observers_until_ns_ = 0;
  std::optional<Rendering> rendering_;
  RenderedBytes bytes_;
};

}  // namespace metrics_runtime
