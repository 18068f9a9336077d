// Reads the counts of a recorder with several rings for as long as it lives, on a thread of its
// own, while producers run. Every reading must add up, go on from the one before, and lie between
// what the producers were told before it and after it.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "support/ringed_recorder.h"

namespace metrics_runtime::test {

class StatsReader {
 public:
  explicit StatsReader(const RingedRecorder& ringed)
      : ringed_(ringed), thread_([this] { Read(); }) {}
  ~StatsReader() {
    if (thread_.joinable()) End();
  }
  StatsReader(const StatsReader&) = delete;
  StatsReader& operator=(const StatsReader&) = delete;

  void End() {
    reading_ = false;
    thread_.join();
  }
  [[nodiscard]] uint64_t readings() const { return readings_; }
  [[nodiscard]] uint64_t wrong() const { return wrong_; }  // after End

 private:
  using Ring = RingedRecorder::Ring;

  void Read() {
    const uint64_t rings = ringed_.rings.size();
    RecorderStats before;
    while (reading_) {
      const uint64_t accepted = ringed_.Sum(&Ring::accepted);
      const uint64_t dropped = ringed_.Sum(&Ring::dropped);
      const uint64_t invalid = ringed_.Sum(&Ring::invalid);
      const RecorderStats now = ringed_.recorder.ReadStats();
      const bool adds_up = now.accepted == now.dispatched + now.pending &&
                           now.pending <= rings * ringed_.recorder.queue_max_size();
      const bool goes_on = now.accepted >= before.accepted && now.dispatched >= before.dispatched &&
                           now.dropped >= before.dropped && now.invalid >= before.invalid;
      // Of each ring one event may be published that its producer has not been told of.
      const bool between = now.accepted >= accepted && now.dropped >= dropped &&
                           now.invalid >= invalid &&
                           now.accepted <= ringed_.Sum(&Ring::accepted) + rings;
      wrong_ += !adds_up || !goes_on || !between;
      ++readings_;
      before = now;
      std::this_thread::yield();
    }
  }

  const RingedRecorder& ringed_;
  std::atomic<bool> reading_{true};
  std::atomic<uint64_t> readings_{0};
  uint64_t wrong_ = 0;
  std::thread thread_;  // last: it uses all the others
};

}  // namespace metrics_runtime::test
