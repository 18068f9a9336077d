// Every model as it is, which must hold, and with each seeded bug, which must be found: a checker
// that cannot fail proves nothing. Exit code 0: all went as it must.
#include "model/closing_model.h"
#include "model/spsc_model.h"
#include "model/wake_model.h"

using namespace metrics_runtime;         // NOLINT: a program
using namespace metrics_runtime::model;  // NOLINT

int main() {
  constexpr auto kBarrier = Entry::kClosersBarrier;
  constexpr rl::iteration_t kMany = 500'000;
  bool ok = true;
  ok &= Check<SpscModel<Bug::kNone, 2, 2>>("ring, 2 events, 2 drains", true);
  ok &= Check<SpscModel<Bug::kNone, 3, 1>>("ring, 3 events, 1 drain", true);
  ok &= Check<SpscModel<Bug::kRelaxedTail, 2, 2>>("ring, tail relaxed", false);
  ok &= Check<SpscModel<Bug::kRelaxedHead, 3, 1>>("ring, head relaxed", false);
  ok &= Check<SpscModel<Bug::kFullOffByOne, 2, 2>>("ring, one more than the bound", false);
  ok &= Check<WakeModel<Bug::kNone>>("wake", true);
  ok &= Check<WakeModel<Bug::kNone>>("wake, at random", true, kMany);
  ok &= Check<WakeModel<Bug::kRelaxedWakeOfProducer>>("wake, fence of the consumer alone", false,
                                                      kMany);
  ok &= Check<WakeModel<Bug::kRelaxedWakeOfConsumer>>("wake, fence of the producer alone", false,
                                                      kMany);
  ok &= Check<ClosingModel<Bug::kNone, kBarrier>>("closing", true);
  ok &= Check<ClosingModel<Bug::kNoBusy, kBarrier>>("closing, no busy word", false);
  ok &= Check<ClosingModel<Bug::kNoBarrier, kBarrier>>("closing, no barrier", false);
  ok &=
      Check<ClosingModel<Bug::kNoBarrier, Entry::kSeqCst>>("closing, seq_cst and no barrier", true);
  ok &= Check<ClosingModel<Bug::kNoBusy, Entry::kSeqCst>>("closing, seq_cst, no busy word", false);
  return ok ? 0 : 1;
}
