// Runtime: starts between whose two steps a hook runs.
#include <algorithm>
#include <utility>

#include "runtime/runtime.h"

namespace metrics_runtime {

Runtime::HeldStart Runtime::HoldStart(const RecorderPtr& recorder) {
  const auto outcome = std::make_shared<HeldStart::Outcome>();
  const auto finish = [this, recorder, outcome] { FinishHeld(recorder, *outcome); };
  const auto ended = [this, recorder, outcome] { SettleEnded(recorder, outcome->operation); };
  const auto abandon = [this, recorder, outcome] {
    TakeBackStart(recorder, outcome->kind, std::move(outcome->reason));
    if (recorders_.Find(recorder->id()) != recorder) std::erase(live_, recorder);
  };
  return {outcome, std::make_shared<Command>(finish, ended), Ending(abandon)};
}

Status Runtime::BeginCreation(const RecorderPtr& recorder, std::byte* ring_memory) {
  return Create(recorder, ring_memory,
                [this, recorder] { recorder->KeepForTakingBack(event_classes_.strings()); });
}

Status Runtime::FinishCreation(const RecorderPtr& recorder, const HeldStart& held) {
  const uint64_t begin = uv_hrtime();
  Status unfinished;
  Status failed = Call([&] {
    if (recorder->state() != RecorderState::kStarting) {
      const bool faulty = recorder->state() == RecorderState::kFailure;
      unfinished = faulty ? Fault(*recorder) : NotFound();
      return;
    }
    recorders_.Register(recorder);
    recorder->ConfirmStart();
    (void)recorder->Transition(RecorderState::kStarting, RecorderState::kRunning);
  });
  if (!failed.has_value()) failed = std::move(unfinished);
  if (failed.has_value()) {  // one limit for both
    const uint64_t left = kCallLimitNs - std::min(kCallLimitNs, uv_hrtime() - begin);
    Abandon(recorder, held, RecorderFault::Kind::kUnfinishedStart, {}, left);
  }
  return failed;
}

void Runtime::AbandonCreation(const RecorderPtr& recorder, const HeldStart& held,
                              std::string reason) noexcept {
  const auto kind = RecorderFault::Kind::kOnStartingHook;
  Abandon(recorder, held, kind, std::move(reason), kCallLimitNs);
}

Runtime::Beginning Runtime::BeginHeldStart(const RecorderPtr& recorder, const HeldStart& held) {
  Beginning beginning = Claim(recorder, Operation::Name::kStart, Go::kLater);
  if (!beginning.begun) return beginning;
  held.outcome->operation = beginning.operation;
  // Kept while nobody can publish: what comes between is this start's.
  bool goes = false;
  Status refused = Call([&] {
    recorder->KeepForTakingBack(event_classes_.strings());
    goes = recorder->Transition(RecorderState::kStopped, RecorderState::kStarting);
  });
  if (!refused.has_value() && goes) return beginning;
  if (!refused.has_value()) refused = WhyElsewhere(*recorder);
  Settle(recorder, beginning.operation, std::move(refused));
  return {beginning.operation, false};
}

void Runtime::FinishHeldStart(const HeldStart& held) noexcept { loop_thread_.Post(held.finish); }

void Runtime::AbandonHeldStart(const RecorderPtr& recorder, const HeldStart& held,
                               std::string reason) noexcept {
  const auto kind = RecorderFault::Kind::kOnStartingHook;
  Abandon(recorder, held, kind, std::move(reason), kCallLimitNs);
  SettleFailed(recorder, held.outcome->operation);
}

void Runtime::Abandon(const RecorderPtr& recorder, const HeldStart& held, RecorderFault::Kind kind,
                      std::string reason, uint64_t limit_ns) noexcept {
  // At once, whenever the loop comes to the rest: nothing is accepted any more.
  (void)recorder->Transition(RecorderState::kStarting, RecorderState::kStopping);
  held.outcome->kind = kind;
  held.outcome->reason = std::move(reason);
  (void)LetGo(recorder, held.abandon, limit_ns);
  const bool creation = held.outcome->operation == nullptr;
  if (creation) (void)recorders_.CancelReservation(recorder->id());
}

void Runtime::FinishHeld(const RecorderPtr& recorder, const HeldStart::Outcome& outcome) noexcept {
  Status failed;
  try {
    if (recorder->Transition(RecorderState::kStarting, RecorderState::kRunning)) {
      recorder->ConfirmStart();
    } else {
      TakeBackStart(recorder, RecorderFault::Kind::kUnfinishedStart, {});
      failed = WhyElsewhere(*recorder);
    }
  } catch (...) {
    failed = Failure{.kind = Failure::Kind::kOutOfMemory};
  }
  Settle(recorder, outcome.operation, std::move(failed));
}

void Runtime::TakeBackStart(const RecorderPtr& recorder, RecorderFault::Kind kind,
                            std::string reason) noexcept {
  if (recorder->let_go()) return;
  (void)recorder->Transition(RecorderState::kStarting, RecorderState::kStopping);
  AwaitProducersOf({&recorder, 1});
  recorder->TakeBackStart(kind, std::move(reason));
}

}  // namespace metrics_runtime
