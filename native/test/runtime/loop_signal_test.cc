#include "runtime/loop_signal.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "support/eventually.h"
#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

// A loop of this thread, and a signal on it that counts.
class SignalledLoop {
 public:
  SignalledLoop() {
    REQUIRE(uv_loop_init(&loop_) == 0);
    // Without a handle that keeps it alive the loop would not turn.
    REQUIRE(uv_idle_init(&loop_, &idle_) == 0);
    REQUIRE(uv_idle_start(&idle_, [](uv_idle_t*) {}) == 0);
    signal = LoopSignal::Open(&loop_, [this] { ++received; });
    REQUIRE(signal != nullptr);
  }
  ~SignalledLoop() {
    if (!closing_) Close();
    CHECK(RunUntil([this] { return closed; }));
    uv_close(reinterpret_cast<uv_handle_t*>(&idle_), nullptr);
    Turn();
    CHECK(uv_loop_close(&loop_) == 0);
  }
  SignalledLoop(const SignalledLoop&) = delete;
  SignalledLoop& operator=(const SignalledLoop&) = delete;

  // One turn, which does not wait.
  void Turn() { uv_run(&loop_, UV_RUN_NOWAIT); }
  template <typename Predicate>
  [[nodiscard]] bool RunUntil(Predicate&& holds) {
    return Eventually([&] {
      Turn();
      return holds();
    });
  }
  // Whether the signal keeps it alive.
  [[nodiscard]] bool alive() {
    uv_unref(reinterpret_cast<uv_handle_t*>(&idle_));
    const bool alive = uv_loop_alive(&loop_) != 0;
    uv_ref(reinterpret_cast<uv_handle_t*>(&idle_));
    return alive;
  }
  void Close() {
    closing_ = true;
    signal->Close([this] { closed = true; });
  }

  int received = 0;
  bool closed = false;
  std::shared_ptr<LoopSignal> signal;

 private:
  uv_loop_t loop_{};
  uv_idle_t idle_{};
  bool closing_ = false;
};

}  // namespace

TEST_CASE("loop signal: receives on a turn of the loop and once for many sent before") {
  SignalledLoop loop;
  loop.Turn();
  CHECK(loop.received == 0);
  for (int i = 0; i < 100; ++i) loop.signal->Send();
  CHECK(loop.received == 0);
  CHECK(loop.RunUntil([&] { return loop.received > 0; }));
  for (int i = 0; i < 5; ++i) loop.Turn();
  CHECK(loop.received == 1);
  loop.signal->Send();
  CHECK(loop.RunUntil([&] { return loop.received > 1; }));
  CHECK(loop.received == 2);
}

TEST_CASE("loop signal: does not keep its loop alive") {
  SignalledLoop loop;
  CHECK_FALSE(loop.alive());
  loop.signal->Send();
  CHECK_FALSE(loop.alive());
}

TEST_CASE("loop signal: none of what many threads send is lost") {
  SignalledLoop loop;
  constexpr int kThreads = 4;
  const uint64_t rounds = Rounds(2'000);
  std::atomic<uint64_t> published{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < kThreads; ++i) {
    senders.emplace_back([&, signal = loop.signal] {
      for (uint64_t n = 0; n < rounds; ++n) {
        ++published;
        signal->Send();
      }
    });
  }
  const uint64_t all = kThreads * rounds;
  // Whatever was coalesced, a receipt comes after the last one.
  uint64_t seen = 0;
  int received = 0;
  CHECK(loop.RunUntil([&] {
    if (std::exchange(received, loop.received) != loop.received) seen = published;
    return seen == all;
  }));
  for (auto& sender : senders) sender.join();
  CHECK(static_cast<uint64_t>(loop.received) <= all);
}

TEST_CASE("loop signal: each one sent after the receipt of the last is received") {
  SignalledLoop loop;
  constexpr int kRounds = 500;
  std::atomic<int> wanted{0};
  std::thread sender([&, signal = loop.signal] {
    for (int n = 1; n <= kRounds; ++n) {
      if (!Eventually([&] { return wanted == n; })) return;
      signal->Send();
    }
  });
  for (int n = 1; n <= kRounds; ++n) {
    wanted = n;
    CHECK(loop.RunUntil([&] { return loop.received >= n; }));
    if (loop.received < n) break;
  }
  sender.join();
  CHECK(loop.received == kRounds);
}

TEST_CASE("loop signal: closes with senders running and what they send later is nothing") {
  const uint64_t rounds = Rounds(40);
  for (uint64_t round = 0; round < rounds; ++round) {
    std::atomic<bool> over{false};
    std::atomic<int> sending{0};
    std::vector<std::thread> senders;
    {
      SignalledLoop loop;
      for (int i = 0; i < 3; ++i) {
        senders.emplace_back([&, signal = loop.signal] {
          ++sending;
          while (!over) signal->Send();
        });
      }
      CHECK(loop.RunUntil([&] { return sending == 3 && loop.received > 0; }));
      loop.Close();
      const int received = loop.received;
      CHECK(loop.RunUntil([&] { return loop.closed; }));
      CHECK(loop.received == received);
    }
    // The loop is gone and they still send.
    over = true;
    for (auto& sender : senders) sender.join();
  }
}

TEST_CASE("loop signal: what was sent and not received before the close is nothing") {
  SignalledLoop loop;
  loop.signal->Send();
  loop.Close();
  loop.signal->Send();
  CHECK(loop.RunUntil([&] { return loop.closed; }));
  loop.signal->Send();
  for (int i = 0; i < 5; ++i) loop.Turn();
  CHECK(loop.received == 0);
}

TEST_CASE("loop signal: lives until libuv has let go although nobody else holds it") {
  SignalledLoop loop;
  const std::weak_ptr<LoopSignal> watched = loop.signal;
  loop.Close();
  loop.signal.reset();
  CHECK_FALSE(watched.expired());
  CHECK(loop.RunUntil([&] { return loop.closed; }));
  loop.Turn();
  CHECK(watched.expired());
}

}  // namespace metrics_runtime::test
