// A recorder with rings, metrics and readers, through a life that the input tells. The thread that
// runs it plays all of the others.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/recorder.h"
#include "support/event_world.h"
#include "support/exposition.h"
#include "support/hostile_ring.h"
#include "support/oracle.h"
#include "support/value_text.h"

namespace metrics_runtime::fuzz {

inline constexpr uint32_t kMostQueue = 20;
inline constexpr int kMostSteps = 100;

// What believes a tail beyond the bound would go on for very long, and nobody would see why.
inline void LimitIf(bool beyond, Deadline& deadline) {
  if (beyond) {
    deadline.ExpireIn({});
  } else {
    deadline.Never();
  }
}

class RecorderSession {
 public:
  explicit RecorderSession(FuzzedDataProvider& input)
      : input_(input), queue_max_size_(input.ConsumeIntegralInRange<uint32_t>(1, kMostQueue)) {
    const World& world = TheWorld();
    (void)recorder_.RegisterMetric(world.alone, world.classes.strings());
    if (input_.ConsumeBool())
      (void)recorder_.RegisterMetric(world.grouped, world.classes.strings());
    recorder_.NotifyCreatorsReader([] {});
    (void)recorder_.Transition(RecorderState::kVirgin, RecorderState::kRunning);
  }

  void Run() {
    Attach();
    for (int step = 0; step < kMostSteps && input_.remaining_bytes() > 0; ++step) Step();
    Drain();
    RequireAccounts();
    RequireSnapshots();
    End();
  }

 private:
  struct Thread {
    Thread(uint32_t queue_max_size, uint32_t first) : ring(queue_max_size, first) {}
    HostileRing ring;
    const EventRing* end = nullptr;  // the recorder's
    uint64_t dispatched = 0;
  };
  static constexpr size_t kMostThreads = 3;

  void Step() {
    switch (input_.ConsumeIntegralInRange(0, 15)) {
      case 0:
        return Attach();
      case 1:
      case 2:
        return Drain();
      case 3:
        return RequireAccounts();
      case 4:
        return RequireSnapshots();
      case 5:
        return StopOrStart();
      case 6:
        return KeepOrDecide();
      case 7:
        return EndThread();
      case 8:
        return TurnToReaders();
      case 9:
      case 10:
        if (Thread* const thread = Any()) thread->ring.Spoil(input_);
        return;
      case 11:
        if (input_.ConsumeIntegral<uint8_t>() == 0) End();
        return;
      default:
        if (Thread* const thread = Any()) thread->ring.Publish(AnyClass(input_), input_);
    }
  }

  void Attach() {
    if (threads_.size() == kMostThreads) return;
    auto thread = std::make_unique<Thread>(queue_max_size_, input_.ConsumeIntegral<uint32_t>());
    auto ring = std::make_unique<EventRing>(thread->ring.memory(), queue_max_size_, thread.get());
    ring->NotifyReader([] {});
    thread->end = ring.get();
    if (recorder_.AttachRing(std::move(ring))) threads_.push_back(std::move(thread));
  }

  // Each ring gives what it had, in order, until one of them is corrupt.
  void Drain() {
    const RecorderState before = recorder_.state();
    std::vector<uint32_t> pending;
    for (const auto& thread : threads_) pending.push_back(PendingOf(*thread));
    const auto is_beyond = [this](uint32_t events) { return events > queue_max_size_; };
    LimitIf(std::ranges::any_of(pending, is_beyond), deadline_);
    const Recorder::DrainCounts counts = recorder_.Drain(TheWorld().classes, deadline_);
    uint64_t sum = 0;
    const bool failed = recorder_.state() == RecorderState::kFailure;
    for (size_t i = 0; i < threads_.size(); ++i) {
      const uint64_t taken = TakenFrom(*threads_[i]);
      sum += taken;
      Require(taken <= pending[i], "a drain dispatches more than was pending when it began");
      Require(taken == 0 || pending[i] <= queue_max_size_,
              "a drain believes a tail beyond the bound");
      Require(failed || closed(before) || taken == pending[i],
              "a drain leaves events and does not fail");
    }
    Require(counts.events == sum, "a drain tells another number than its rings");
    Require(sum == 0 || !closed(before), "a recorder that is stopped or has failed is drained");
    dispatched_ += sum;
  }
  [[nodiscard]] static bool closed(RecorderState state) {
    return state == RecorderState::kFailure || state == RecorderState::kStopped;
  }
  [[nodiscard]] static uint32_t PendingOf(const Thread& thread) {
    return thread.ring.tail() - (thread.ring.first + static_cast<uint32_t>(thread.dispatched));
  }
  // Since this was asked last.
  [[nodiscard]] static uint64_t TakenFrom(Thread& thread) {
    const uint64_t now = thread.end->Read().dispatched;
    return now - std::exchange(thread.dispatched, now);
  }

  void RequireAccounts() {
    const RecorderStats stats = recorder_.ReadStats();
    Require(stats.dispatched == dispatched_, "a recorder counts other events than it dispatched");
    Require(
        stats.accepted >= stats.dispatched && stats.pending >= stats.accepted - stats.dispatched,
        "accepted is not dispatched and pending");
    constexpr uint64_t kMostCounted = uint64_t{1} << 62;
    Require(stats.accepted < kMostCounted && stats.dropped < kMostCounted &&
                stats.invalid < kMostCounted && stats.undelivered < kMostCounted,
            "a count is that of a difference below zero");
    Require((stats.fault.kind != RecorderFault::Kind::kNone) ==
                (recorder_.state() == RecorderState::kFailure),
            "a recorder fails without a reason, or has one and does not");
  }

  // Of each event each dimension has all or nothing, so the first counts what was dispatched.
  void RequireSnapshots() {
    const std::string text =
        test::WrittenText([&](ValueWriter& writer) { recorder_.WriteSnapshots(writer); });
    Require(text.find("malformed") == std::string::npos, "a snapshot that cannot be read");
    const std::string begin = "{\"alone\": {\"events\": " + std::to_string(dispatched_) + ", ";
    Require(text.starts_with(begin), "metrics count other events than were dispatched");
    if (!input_.ConsumeBool()) return;
    std::vector<RenderedRecorder> recorders;
    recorders.push_back(
        {.id = "r", .entity_id = "e", .metrics = recorder_.exposed(), .left_out = {}});
    RequireReadable(input_.PickValueInArray(kFormats), std::move(recorders));
  }

  void StopOrStart() {
    using State = RecorderState;
    constexpr std::array<std::pair<State, State>, 4> kTransitions = {
        {{State::kRunning, State::kStopping},
         {State::kStopping, State::kStopped},
         {State::kStopped, State::kStarting},
         {State::kStarting, State::kRunning}}};
    const auto [from, to] = input_.PickValueInArray(kTransitions);
    (void)recorder_.ProducerInside();
    (void)recorder_.Transition(from, to);
  }

  // A start that is held, and then confirmed or taken back.
  void KeepOrDecide() {
    if (!recorder_.start_may_be_taken_back()) {
      if (recorder_.let_go() || recorder_.state() == RecorderState::kFailure) return;
      recorder_.KeepForTakingBack(TheWorld().classes.strings());
      kept_ = dispatched_;
    } else if (input_.ConsumeBool()) {
      recorder_.ConfirmStart();
    } else {
      recorder_.TakeBackStart(RecorderFault::Kind::kOnStartingHook, "the hook threw");
      dispatched_ = kept_;
      threads_.clear();
    }
  }

  void EndThread() {
    if (threads_.empty()) return;
    const auto at = input_.ConsumeIntegralInRange<size_t>(0, threads_.size() - 1);
    Thread& thread = *threads_[at];
    ThreadReader::End(thread.ring.words());
    const uint32_t pending = PendingOf(thread);
    const uint64_t before = recorder_.ReadStats().dispatched;
    LimitIf(pending > queue_max_size_, deadline_);
    recorder_.EndRingsOf(&thread, TheWorld().classes, deadline_);
    const uint64_t taken = recorder_.ReadStats().dispatched - before;
    Require(taken == 0 || pending <= queue_max_size_,
            "the last drain of a ring believes a tail beyond the bound");
    Require(taken <= pending, "the last drain of a ring dispatches more than was pending");
    dispatched_ += taken;
    threads_.erase(threads_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void TurnToReaders() {
    (void)recorder_.ReadersHold();
    recorder_.SignalReaders();
    if (input_.ConsumeBool()) recorder_.RetireHoldingReaders();
  }

  // From here on nobody may touch the memory.
  void End() {
    if (recorder_.start_may_be_taken_back()) recorder_.ConfirmStart();
    recorder_.DetachRings();
    threads_.clear();
  }

  Thread* Any() {
    if (threads_.empty()) return nullptr;
    return threads_[input_.ConsumeIntegralInRange<size_t>(0, threads_.size() - 1)].get();
  }

  FuzzedDataProvider& input_;
  const uint32_t queue_max_size_;
  Deadline deadline_;
  std::vector<std::unique_ptr<Thread>> threads_;
  Recorder recorder_{
      "r", queue_max_size_, {.families = std::make_shared<FamilyRegistry>(), .name_space = "fuzz"}};
  uint64_t dispatched_ = 0;
  uint64_t kept_ = 0;
};

}  // namespace metrics_runtime::fuzz
