#include "runtime/runtime.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/eventually.h"
#include "support/open_file_limit.h"
#include "support/process.h"
#include "support/running_runtime.h"

namespace metrics_runtime::test {

namespace {

using Kind = Failure::Kind;
using RuntimePtr = std::shared_ptr<Runtime>;

RuntimePtr MakeRuntime() { return std::make_shared<Runtime>("test"); }

// Every call that needs the runtime to run.
bool RegistryRefuses(Runtime& runtime, RuntimeState state) {
  std::vector<std::byte> unused;
  const auto in_state = [state](const Status& status) {
    return Has(status, Kind::kRuntimeState) && status->runtime_state == state;
  };
  const auto failure_of = [](const auto& result) { return Status(std::get<Failure>(result)); };
  const auto removal = runtime.StopAndRemoveRecorder("a");
  return in_state(failure_of(CreateIn(runtime, "a", 1, unused.data()))) &&
         in_state(failure_of(runtime.FindRecorder("a"))) &&
         in_state(failure_of(runtime.RecorderIds())) && in_state(runtime.StopRecorder("a")) &&
         in_state(removal.failure) && removal.recorder == nullptr;
}

void Corrupt(FedRecorder& fed) { fed.producer->SetWordAt(RingLayout::kTailOffset, 0x7fff'ffff); }

}  // namespace

TEST_CASE("runtime: runs from its start to its shutdown and never again") {
  const RuntimePtr runtime = MakeRuntime();
  CHECK(runtime->state() == RuntimeState::kVirgin);
  CHECK(runtime->stats().thread_id == 0);
  CHECK_FALSE(runtime->Start().has_value());
  CHECK(runtime->state() == RuntimeState::kRunning);
  CHECK(runtime->stats().thread_id != 0);
  CHECK_FALSE(runtime->Start().has_value());
  CHECK_FALSE(runtime->Shutdown().has_value());
  CHECK(runtime->state() == RuntimeState::kClosed);
  CHECK(runtime->stats().thread_id == 0);
  CHECK_FALSE(runtime->Shutdown().has_value());
  const Status refused = runtime->Start();
  REQUIRE(Has(refused, Kind::kRuntimeState));
  CHECK(refused->runtime_state == RuntimeState::kClosed);
}

TEST_CASE("runtime: shut down before its start it makes no thread") {
  const size_t threads = ThreadCount();
  const RuntimePtr runtime = MakeRuntime();
  CHECK_FALSE(runtime->Shutdown().has_value());
  CHECK(runtime->state() == RuntimeState::kClosed);
  CHECK(runtime->let_go());
  CHECK(ThreadCount() <= threads);
}

TEST_CASE("runtime: its registry can be used only while it runs") {
  const RuntimePtr runtime = MakeRuntime();
  CHECK(RegistryRefuses(*runtime, RuntimeState::kVirgin));
  REQUIRE_FALSE(runtime->Start().has_value());
  REQUIRE_FALSE(runtime->Shutdown().has_value());
  CHECK(RegistryRefuses(*runtime, RuntimeState::kClosed));
}

TEST_CASE("runtime: a start that the system refuses fails for good and says why") {
  const RuntimePtr runtime = MakeRuntime();
  {
    const OpenFileLimit none;
    const Status refused = runtime->Start();
    REQUIRE(Has(refused, Kind::kStartup));
    CHECK(refused->uv_error == UV_EMFILE);
    CHECK(refused->syscall == std::string("uv_loop_init"));
  }
  CHECK(runtime->state() == RuntimeState::kFailure);
  CHECK(Has(runtime->Start(), Kind::kRuntimeState));
  CHECK(Has(runtime->Shutdown(), Kind::kRuntimeState));
  CHECK(RegistryRefuses(*runtime, RuntimeState::kFailure));
  runtime->EndWithEnvironment();
  CHECK(runtime.use_count() == 1);
}

TEST_CASE("runtime: two hundred starts and shutdowns leave neither threads nor files behind") {
  const auto cycle = [] {
    RunningRuntime running;
    FedRecorder fed = running.Create("a");
    REQUIRE(fed.Offer(running.tick));
    REQUIRE_FALSE(running.runtime->Shutdown().has_value());
    REQUIRE(fed.recorder->ReadStats().dispatched == 1);
  };
  cycle();  // libuv opens two files for the whole process
  const size_t threads = ThreadCount();
  const size_t files = OpenFileCount();
  for (int i = 0; i < 200; ++i) cycle();
  // The kernel lists a joined thread for a moment longer.
  CHECK(Eventually([&] { return ThreadCount() <= threads; }));
  CHECK(OpenFileCount() == files);
}

TEST_CASE("runtime: a shutdown dispatches what was accepted and what it served stays readable") {
  RunningRuntime running;
  FedRecorder runs = running.Create("runs");
  FedRecorder stopped = running.Create("stopped");
  for (FedRecorder* const fed : {&runs, &stopped}) {
    REQUIRE_FALSE(running.runtime->RegisterMetric(fed->recorder, running.Ticks("m")).has_value());
    for (int i = 0; i < 7; ++i) REQUIRE(fed->Offer(running.tick));
  }
  REQUIRE_FALSE(running.runtime->StopRecorder("stopped").has_value());
  REQUIRE_FALSE(running.runtime->Shutdown().has_value());
  CHECK(running.runtime->let_go());
  for (FedRecorder* const fed : {&runs, &stopped}) {
    CHECK(fed->recorder->state() == RecorderState::kStopped);
    CHECK_FALSE(fed->producer->open());
    running.Free(*fed);
    CHECK(fed->recorder->ReadStats().dispatched == 7);
    CHECK(running.Snapshots(fed->recorder) == "{\"m\": {\"total\": 7}}");
    CHECK(
        Has(running.runtime->BeginStart(fed->recorder).operation->failure(), Kind::kRuntimeState));
    CHECK(
        Has(running.runtime->BeginStop(fed->recorder).operation->failure(), Kind::kRecorderState));
    CHECK(Has(running.runtime->RegisterMetric(fed->recorder, running.Ticks("n")),
              Kind::kRecorderState));
  }
}

TEST_CASE("runtime: a recorder that failed tells why and leaves the registry all the same") {
  RunningRuntime running;
  FedRecorder fed = running.Create("a");
  REQUIRE(fed.Offer(running.tick));
  running.runtime->Flush();
  Corrupt(fed);
  const Status stop = running.runtime->StopRecorder("a");
  REQUIRE(Has(stop, Kind::kRecorderFault));
  CHECK_FALSE(stop->message.empty());
  CHECK(fed.recorder->state() == RecorderState::kFailure);
  CHECK_FALSE(fed.producer->open());
  CHECK(Has(running.runtime->StopRecorder("a"), Kind::kRecorderFault));
  const Runtime::Removal removal = running.runtime->StopAndRemoveRecorder("a");
  CHECK(removal.recorder == fed.recorder);
  CHECK(removal.let_go);
  CHECK(Has(removal.failure, Kind::kRecorderFault));
  CHECK(Has(running.runtime->FindRecorder("a"), Kind::kNotFound));
}

TEST_CASE("runtime: a recorder that failed does not keep a shutdown from stopping the others") {
  RunningRuntime running;
  FedRecorder before = running.Create("before");
  FedRecorder failed = running.Create("failed");
  FedRecorder after = running.Create("after");
  Corrupt(failed);
  REQUIRE(before.Offer(running.tick));
  REQUIRE(after.Offer(running.tick));
  const Status status = running.runtime->Shutdown();
  REQUIRE(Has(status, Kind::kShutdown));
  REQUIRE(status->recorder_faults.size() == 1);
  CHECK(status->recorder_faults[0].recorder_id == "failed");
  CHECK_FALSE(status->recorder_faults[0].message.empty());
  CHECK(running.runtime->state() == RuntimeState::kFailure);
  CHECK(running.runtime->let_go());
  CHECK(running.runtime->stats().thread_id == 0);
  CHECK(before.recorder->ReadStats().dispatched == 1);
  CHECK(after.recorder->ReadStats().dispatched == 1);
  CHECK(running.Snapshots(failed.recorder) == "{}");
}

TEST_CASE("runtime: all who ask for a shutdown at once get its one result") {
  for (const bool fails : {false, true}) {
    CAPTURE(fails);
    RunningRuntime running;
    FedRecorder fed = running.Create("a");
    if (fails) Corrupt(fed);
    std::atomic<int> told{0};
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        const Status status = running.runtime->Shutdown();
        // One that comes after a failed shutdown is told the state.
        told += fails ? Has(status, Kind::kShutdown) || Has(status, Kind::kRuntimeState)
                      : !status.has_value();
      });
    }
    for (auto& caller : callers) caller.join();
    CHECK(told == 4);
    CHECK(running.runtime->state() == (fails ? RuntimeState::kFailure : RuntimeState::kClosed));
  }
}

TEST_CASE("runtime: the end of its environment dispatches what was accepted and lets go") {
  const RuntimePtr runtime = MakeRuntime();
  runtime->EndWithEnvironment();  // nothing to end yet
  CHECK(runtime->state() == RuntimeState::kVirgin);
  RunningRuntime running;
  FedRecorder fed = running.Create("a");
  for (int i = 0; i < 9; ++i) REQUIRE(fed.Offer(running.tick));
  running.runtime->EndWithEnvironment();
  CHECK(running.runtime->state() == RuntimeState::kClosed);
  CHECK(running.runtime->let_go());
  running.Free(fed);
  CHECK(fed.recorder->ReadStats().dispatched == 9);
  running.runtime->EndWithEnvironment();
  CHECK_FALSE(running.runtime->Shutdown().has_value());
}

TEST_CASE("runtime: the thread keeps a runtime alive that nobody holds") {
  std::weak_ptr<Runtime> watched;
  {
    const RuntimePtr runtime = MakeRuntime();
    REQUIRE_FALSE(runtime->Start().has_value());
    watched = runtime;
  }
  const RuntimePtr runtime = watched.lock();
  REQUIRE(runtime != nullptr);
  CHECK_FALSE(runtime->Shutdown().has_value());
}

TEST_CASE("runtime: two share nothing") {
  RunningRuntime first;
  RunningRuntime second;
  const FedRecorder a = first.Create("a");
  const FedRecorder b = second.Create("a");
  CHECK(first.runtime->stats().thread_id != second.runtime->stats().thread_id);
  REQUIRE_FALSE(first.runtime->Shutdown().has_value());
  CHECK(b.recorder->state() == RecorderState::kRunning);
}

}  // namespace metrics_runtime::test
