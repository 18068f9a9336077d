#include "core/observers.h"

#include <algorithm>
#include <utility>

namespace metrics_runtime {

Observers::Observer* Observers::Find(const void* thread) noexcept {
  const auto found = std::ranges::find(observers_, thread, &Observer::thread);
  return found == observers_.end() ? nullptr : &*found;
}

bool Observers::PendingIn(Round round) const noexcept {
  return std::ranges::any_of(observers_,
                             [round](const Observer& one) { return one.answered < round; });
}

void Observers::TellWaiting() noexcept {
  for (Waiting& waiting : waiting_) {
    if (waiting.told || PendingIn(waiting.round)) continue;
    waiting.told = true;
    waiting.changed();
  }
}

void Observers::Add(const void* thread, std::function<void()> ask) {
  const std::lock_guard lock(mutex_);
  if (closed_ || Find(thread) != nullptr) return;
  observers_.push_back({.thread = thread, .ask = std::move(ask), .answered = last_round_});
}

void Observers::Remove(const void* thread) noexcept {
  const std::lock_guard lock(mutex_);
  std::erase_if(observers_, [thread](const Observer& one) { return one.thread == thread; });
  TellWaiting();
}

void Observers::Close() noexcept {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (const Observer& observer : observers_) observer.ask();
  observers_.clear();
  TellWaiting();
}

Observers::Round Observers::Asked(const void* thread) const noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(observers_, thread, &Observer::thread);
  if (found == observers_.end()) return kNone;
  Round asked = kNone;
  // A round that is over is nobody's any more: a thread that comes too late observes for nothing.
  for (const Waiting& waiting : waiting_) asked = std::max(asked, waiting.round);
  return asked > found->answered ? asked : kNone;
}

void Observers::Answer(const void* thread, Round round) noexcept {
  const std::lock_guard lock(mutex_);
  Observer* const observer = Find(thread);
  if (observer == nullptr || round <= observer->answered) return;
  observer->answered = round;
  TellWaiting();
}

void Observers::Enter(const void* thread) noexcept {
  const std::lock_guard lock(mutex_);
  Observer* const observer = Find(thread);
  if (observer == nullptr) return;
  observer->inside = true;
  observer->answered = last_round_;
  TellWaiting();
}

void Observers::Leave(const void* thread) noexcept {
  const std::lock_guard lock(mutex_);
  if (Observer* const observer = Find(thread)) observer->inside = false;
}

Observers::Round Observers::Request(std::function<void()> changed) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back({.round = last_round_ + 1, .changed = std::move(changed)});
  Waiting& waiting = waiting_.back();
  last_round_ = waiting.round;
  for (Observer& observer : observers_) {
    if (observer.inside) {
      observer.answered = waiting.round;
    } else {
      observer.ask();
    }
  }
  waiting.told = !PendingIn(waiting.round);
  return waiting.round;
}

bool Observers::Pending(Round round) const noexcept {
  const std::lock_guard lock(mutex_);
  return PendingIn(round);
}

void Observers::End(Round round) noexcept {
  const std::lock_guard lock(mutex_);
  std::erase_if(waiting_, [round](const Waiting& waiting) { return waiting.round == round; });
}

std::vector<const void*> Observers::LeaveOut(Round round) {
  End(round);
  const std::lock_guard lock(mutex_);
  std::vector<const void*> left_out;
  for (const Observer& observer : observers_) {
    if (observer.answered >= round) continue;
    left_out.push_back(observer.thread);
    CountFailure();
  }
  return left_out;
}

}  // namespace metrics_runtime
