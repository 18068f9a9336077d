// The steps with which the runtime closes a recorder, for a test whose thread is the runtime
// thread.
#pragma once

#include "core/recorder.h"
#include "core/ring_protocol.h"
#include "runtime/process_barrier.h"
#include "runtime/producer_wait.h"

namespace metrics_runtime::test {

// Closes a recorder that runs; returns whether every producer has left. `in_each_pause`: what else
// is to happen while it waits.
template <typename InEachPause>
[[nodiscard]] bool Close(Recorder& recorder, InEachPause&& in_each_pause,
                         void (*barrier)() = &RunProcessBarrier) {
  if (!recorder.Transition(RecorderState::kRunning, RecorderState::kStopping)) return false;
  ProducerWait wait;
  return AwaitProducers(
      barrier, [&] { return recorder.ProducerInside(); },
      [&] {
        in_each_pause();
        return wait.Pause();
      });
}

}  // namespace metrics_runtime::test
