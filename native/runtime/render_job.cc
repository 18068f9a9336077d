#include "runtime/render_job.h"

#include <uv.h>

#include <algorithm>
#include <utility>

namespace metrics_runtime {

void RenderJob::AskObservers(const std::vector<std::shared_ptr<Recorder>>& recorders,
                             const void* thread, const std::function<void()>& changed) {
  observers_until_ns_ = uv_hrtime() + kObserversLimitNs;
  for (const auto& recorder : recorders) {
    if (recorder->observers().any()) observed_.push_back(recorder);
  }
  rounds_.reserve(observed_.size());
  const Inside inside(*this, thread);
  for (const auto& recorder : observed_) {
    rounds_.push_back({recorder, recorder->observers().Request(changed)});
  }
}

bool RenderJob::Wait(const void* thread, uint64_t limit_ns) const {
  const Inside inside(*this, thread);
  return operation_->Wait(limit_ns);
}

bool RenderJob::Waits() const noexcept {
  const auto pends = [](const Round& round) {
    return round.recorder->observers().Pending(round.round);
  };
  return uv_hrtime() < observers_until_ns_ && std::ranges::any_of(rounds_, pends);
}

void RenderJob::Begin(const std::vector<std::shared_ptr<Recorder>>& recorders,
                      Rendering::NumbersOf numbers_of) {
  std::vector<RenderedRecorder> rendered;
  rendered.reserve(recorders.size());
  for (const auto& recorder : recorders) {
    rendered.push_back({.id = recorder->id(),
                        .entity_id = recorder->origin().entity_id,
                        .metrics = recorder->exposed(),
                        .left_out = {},
                        .recorder = recorder});
    const auto asked = std::ranges::find(rounds_, recorder, &Round::recorder);
    if (asked == rounds_.end()) continue;
    rendered.back().left_out = recorder->observers().LeaveOut(asked->round);
    rounds_.erase(asked);
  }
  EndRounds();
  rendering_.emplace(request_.format, request_.gzip, std::move(rendered), std::move(numbers_of));
}

bool RenderJob::Step() {
  return rendering_->Step(Rendering::Clock::now() + std::chrono::nanoseconds(kSliceNs));
}

void RenderJob::Settle(Status failure) noexcept {
  EndRounds();
  if (!failure.has_value()) bytes_ = rendering_->Take();
  rendering_.reset();
  operation_->Settle(std::move(failure));
}

void RenderJob::EndRounds() noexcept {
  for (const auto& [recorder, round] : rounds_) recorder->observers().End(round);
  rounds_.clear();
}

}  // namespace metrics_runtime
