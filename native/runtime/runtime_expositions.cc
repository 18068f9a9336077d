// Runtime: expositions, a slice in each turn of the loop.
#include <uv.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "runtime/runtime.h"

namespace metrics_runtime {

std::shared_ptr<RenderJob> Runtime::BeginRender(RenderRequest request, const void* thread) {
  auto job = std::make_shared<RenderJob>(std::move(request));
  if (Status wrong = ExpectRunning()) {
    job->Settle(std::move(wrong));
    return job;
  }
  if (thread != nullptr) {
    const RecorderPtr& one = job->request().recorder;
    job->AskObservers(one == nullptr ? recorders_.All() : std::vector{one}, thread,
                      [this] { loop_thread_.Wake(); });
  }
  const auto take = [this, job] {
    try {
      renders_.push_back(job);
    } catch (...) {  // whoever waits is told, whatever happens
      job->Settle(Failure{.kind = Failure::Kind::kOutOfMemory});
    }
  };
  const auto refused = [this, job] { job->Settle(WhyNotRendered()); };
  loop_thread_.Post(std::make_shared<Command>(take, refused));
  return job;
}

Failure Runtime::WhyNotRendered() const {
  Status ended = ExpectRunning();
  return ended.has_value() ? *std::move(ended) : Failure{.kind = Failure::Kind::kLoopUnavailable};
}

bool Runtime::Work() noexcept {
  if (renders_.empty()) return false;
  const std::shared_ptr<RenderJob> job = renders_.front();
  if (!job->given_up() && !job->begun() && job->Waits()) return false;
  const uint64_t begin = uv_hrtime();
  Status failure;
  bool goes_on = false;
  try {
    if (job->given_up()) {
      failure = Failure{.kind = Failure::Kind::kLoopUnavailable};
    } else if (!job->begun()) {
      failure = BeginRendering(*job);
    }
    goes_on = !failure.has_value() && !job->Step();
  } catch (...) {
    failure = Failure{.kind = Failure::Kind::kOutOfMemory};
  }
  render_ns_ += uv_hrtime() - begin;
  if (goes_on) return true;
  ++(failure.has_value() ? renders_failed_ : rendered_);
  renders_.pop_front();
  job->Settle(std::move(failure));
  return !renders_.empty();
}

Status Runtime::BeginRendering(RenderJob& job) {
  std::vector<RecorderPtr> recorders;
  if (const RecorderPtr& one = job.request().recorder; one == nullptr) {
    // In the order of their creation; one whose creation a hook is still a part of is not there
    // yet.
    std::ranges::copy_if(live_, std::back_inserter(recorders), [this](const RecorderPtr& recorder) {
      return recorders_.Find(recorder->id()) == recorder;
    });
  } else if (std::ranges::find(live_, one) == live_.end()) {
    return NotFound();
  } else {
    recorders.push_back(one);
  }
  const bool all = job.request().recorder == nullptr;
  job.Begin(recorders, [this, all](const RenderedRecorder* recorder) {
    if (recorder != nullptr) return own_families_->NumbersOf(*recorder->recorder);
    return all ? own_families_->NumbersOf(OwnTimesNow()) : std::vector<RenderedNumber>();
  });
  return std::nullopt;
}

OwnTimes Runtime::OwnTimesNow() const noexcept {
  constexpr double kNsPerSecond = 1e9;
  return {.begun = begun_,
          .drain_seconds = static_cast<double>(
                               loop_thread_.counters().drain_ns.load(std::memory_order_relaxed)) /
                           kNsPerSecond,
          .render_seconds = static_cast<double>(render_ns_) / kNsPerSecond,
          .renders = static_cast<double>(rendered_),
          .renders_failed = static_cast<double>(renders_failed_)};
}

void Runtime::EndRenders() noexcept {
  // One by one: to make an empty deque needs memory.
  while (!renders_.empty()) {
    const std::shared_ptr<RenderJob> job = std::move(renders_.front());
    renders_.pop_front();
    try {
      job->Settle(WhyNotRendered());
    } catch (...) {
      job->Settle(Failure{.kind = Failure::Kind::kOutOfMemory});
    }
  }
}

}  // namespace metrics_runtime
