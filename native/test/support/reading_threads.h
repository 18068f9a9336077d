// Threads that use a runtime and have metrics of their own there: they read their events
// themselves.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "support/joined_threads.h"
#include "support/ring_reader.h"

namespace metrics_runtime::test {

// One of them, in one recorder.
//
// Threads: one; only `signals` may be read by any. The runtime outlives it, or has ended.
class ReadingThread {
 public:
  ReadingThread(RunningRuntime& running, Runtime::RecorderPtr recorder)
      : running_(running), recorder_(std::move(recorder)), joined_(running) {
    REQUIRE_FALSE(joined_.Attach(recorder_).has_value());
    reader.emplace(*joined_.producer);
    REQUIRE_FALSE(Register("custom").has_value());
    reader->Open();
  }

  Status Register(std::string name) {
    return running_.runtime->RegisterCustomMetric(recorder_, std::move(name), &joined_,
                                                  [count = signals] { ++*count; });
  }
  void Offer(int events) { REQUIRE(joined_.Offer(events) == static_cast<uint64_t>(events)); }
  // As in JavaScript: who handles events while a stop is under way wakes the runtime.
  uint32_t Handle() {
    const uint32_t handled = reader->Handle();
    if (handled > 0 && reader->stopping()) running_.runtime->Wake();
    return handled;
  }
  void End() {
    reader.reset();
    joined_.End();
  }
  [[nodiscard]] bool open() const { return joined_.producer->open(); }
  [[nodiscard]] const void* identity() const { return &joined_; }
  [[nodiscard]] RingProducer& producer() { return *joined_.producer; }

  std::optional<RingReader> reader;
  // Shared: the runtime may keep the signal longer than the thread lives.
  const std::shared_ptr<std::atomic<int>> signals = std::make_shared<std::atomic<int>>(0);

 private:
  RunningRuntime& running_;
  const Runtime::RecorderPtr recorder_;
  Joined joined_;
};

// A recorder that counts ticks, and two threads that feed it and read what they feed.
struct ReadByTwo {
  ReadByTwo() {
    REQUIRE_FALSE(running.runtime->RegisterMetric(recorder, running.Ticks("m")).has_value());
  }

  // The stop begins, and the loop has come so far that it waits for readers.
  [[nodiscard]] std::shared_ptr<Operation> AwaitedStop() {
    const auto stop = runtime.BeginStop(recorder).operation;
    runtime.Flush();
    REQUIRE(recorder->state() == RecorderState::kStopping);
    REQUIRE_FALSE(stop->Wait(0));
    return stop;
  }
  void CheckCounts(uint64_t accepted, uint64_t undelivered) const {
    const RecorderStats stats = recorder->ReadStats();
    CHECK(stats.accepted == accepted);
    CHECK(stats.dispatched == accepted);
    CHECK(stats.pending == 0);
    CHECK(stats.undelivered == undelivered);
  }

  RunningRuntime running;
  Runtime& runtime = *running.runtime;
  Runtime::RecorderPtr recorder = running.Create("a").recorder;
  ReadingThread one{running, recorder};
  ReadingThread two{running, recorder};
};

// How long something took.
class Watch {
 public:
  [[nodiscard]] std::chrono::nanoseconds Elapsed() const {
    return std::chrono::steady_clock::now() - begin_;
  }
  // It did not wait for readers to the end.
  [[nodiscard]] bool IsPrompt() const {
    return Elapsed() < std::chrono::nanoseconds(Runtime::kReadersLimitNs);
  }
  // It waited for readers to the end, once.
  [[nodiscard]] bool IsOneLimit() const {
    return Elapsed() >= std::chrono::nanoseconds(Runtime::kReadersLimitNs) &&
           Elapsed() < std::chrono::milliseconds(2'500);
  }

 private:
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace metrics_runtime::test
