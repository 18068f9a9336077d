// Rings whose memory holds what no producer writes: words and records are any bits, changed between
// two drains and in the middle of one. JavaScript writes there, so native must do with whatever it
// finds: read within the memory, dispatch what was pending and nothing beyond, keep its accounts.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/recorder.h"
#include "support/exposition.h"
#include "support/fields.h"
#include "support/hostile_ring.h"
#include "support/oracle.h"
#include "support/value_text.h"

namespace metrics_runtime::fuzz {

namespace {

using DrainResult = EventRing::DrainResult;

constexpr uint32_t kMostQueue = 20;
constexpr int kMostSteps = 100;

// Classes with fields of every kind, the shortest record and the longest; and metrics of every
// aggregation. Made once: nothing of it is changed by what is dispatched.
struct World {
  World() {
    for (int kind = 0; kind <= static_cast<int>(AggregationKind::kDistinct); ++kind) {
      AddDimensions(static_cast<AggregationKind>(kind));
    }
    for (const EventClass* one : all_classes) {
      alone.dimensions.front().sources.push_back({.event_class = one});
    }
  }

  EventClassRegistry classes;
  const EventClass& every =
      test::Registered(classes, "every",
                       {test::Uint32("u"), test::Boolean("b"), test::OneOf("o", {"x", "y"}),
                        test::Label("l", 4), test::Float64("f"), test::Key("k")});
  const EventClass& longest = test::Registered(classes, "longest", test::Float64s(15));
  const EventClass& shortest = test::Registered(classes, "shortest", {});
  const EventClass& labels =
      test::Registered(classes, "labels", {test::Label("l", 4), test::Label("m", 4)});
  const std::array<const EventClass*, 4> all_classes = {&every, &longest, &shortest, &labels};
  // Its first dimension counts all that is dispatched.
  MetricDefinition alone{
      .name = "alone", .fingerprint = "a", .dimensions = {{.name = "events", .sources = {}}}};
  MetricDefinition grouped{.name = "grouped", .fingerprint = "g", .dimensions = {}};

 private:
  void AddDimensions(AggregationKind kind) {
    constexpr size_t kFloat64 = 4;
    constexpr size_t kKey = 5;
    const EventValue value =
        EventValue::Field(every, kind == AggregationKind::kDistinct ? kKey : kFloat64);
    DimensionDefinition dimension{
        .name = "d" + std::to_string(static_cast<int>(kind)),
        .aggregation = {.kind = kind,
                        .bounds = {-1, 1, 10},
                        .max_size = 16,
                        .quantiles = {{.q = 0.5, .name = "0.5"}, {.q = 1, .name = "1"}}},
        .sources = {{.event_class = &every, .value = value},
                    {.event_class = &longest, .value = EventValue::Field(longest, 14)}},
        .group_by = {.max_series = 3}};
    alone.dimensions.push_back(dimension);
    dimension.sources.resize(1);
    dimension.sources[0].where = EventPredicate({{.offset = every.offset(2), .accepted = {0, 1}}});
    for (size_t field = 0; field < kFloat64; ++field) {
      dimension.sources[0].by.push_back(every.offset(field));
      dimension.group_by.fields.push_back(every.fields()[field]);
    }
    grouped.dimensions.push_back(dimension);
  }
};

const World& TheWorld() {
  static const World world;
  return world;
}

const EventClass& AnyClass(FuzzedDataProvider& input) {
  const auto& all = TheWorld().all_classes;
  return *all[input.ConsumeIntegralInRange<size_t>(0, all.size() - 1)];
}

// What believes a tail beyond the bound would go on for very long, and nobody would see why.
void LimitIf(bool beyond, Deadline& deadline) {
  if (beyond) {
    deadline.ExpireIn({});
  } else {
    deadline.Never();
  }
}

// One ring, whose memory changes while it is drained.
void DrainOneRing(FuzzedDataProvider& input) {
  const auto queue_max_size = input.ConsumeIntegralInRange<uint32_t>(1, kMostQueue);
  HostileRing hostile(queue_max_size, input.ConsumeIntegral<uint32_t>());
  EventRing ring(hostile.memory(), queue_max_size);
  ring.WriteState(RecorderState::kRunning);
  Deadline deadline;
  uint64_t dispatched = 0;
  DrainResult result = DrainResult::kDrained;
  for (int step = 0; step < kMostSteps && input.remaining_bytes() > 0; ++step) {
    if (input.ConsumeBool()) {
      hostile.Publish(AnyClass(input), input);
      continue;
    }
    if (input.ConsumeBool()) hostile.Spoil(input);
    const uint32_t pending = hostile.tail() - (hostile.first + static_cast<uint32_t>(dispatched));
    const bool beyond = pending > queue_max_size;
    LimitIf(beyond, deadline);
    uint64_t seen = 0;
    result = ring.Drain(
        TheWorld().classes, deadline,
        [&](const EventClass& event_class, const EventRecord& record) {
          for (size_t i = 0; i < event_class.fields().size(); ++i) {
            const FieldKind kind = event_class.fields()[i].kind;
            const bool is_long = kind == FieldKind::kFloat64 || kind == FieldKind::kKey;
            (void)(is_long ? record.U64(event_class.offset(i)) : record.U32(event_class.offset(i)));
          }
          if (input.ConsumeIntegral<uint8_t>() == 0xff) return false;
          ++seen;
          Require(seen <= pending, "a drain dispatches more than was pending when it began");
          if (input.ConsumeIntegral<uint8_t>() < 0x20) hostile.Spoil(input);
          return true;
        });
    dispatched += seen;
    Require(!beyond || (result == DrainResult::kCorrupt && seen == 0),
            "a drain believes a tail beyond the bound");
    Require(result != DrainResult::kDrained || seen == pending,
            "a drain leaves events and does not say so");
    const RingCounts counts = ring.Read();
    Require(counts.dispatched == dispatched, "a ring counts other events than it dispatched");
    Require(counts.pending <= queue_max_size && counts.unhandled <= queue_max_size,
            "a ring counts more pending events than it has room for");
    Require(counts.dropped < 10'000'000'000'000'000 && counts.invalid < 10'000'000'000'000'000,
            "a ring believes a count that no producer writes");
    const bool releases = pending > 0 && !beyond;
    Require(!releases || hostile.words().LoadRelaxed(RingWord::kHead) ==
                             hostile.first + static_cast<uint32_t>(dispatched),
            "a drain tells the producer another head than what it dispatched");
    if (result == DrainResult::kCorrupt) return;  // it is not to be drained again
  }
}

// Aggregations, of records that change between the look whether their numbers are finite and the
// look at the numbers.
void RecordAnything(FuzzedDataProvider& input) {
  const World& world = TheWorld();
  std::vector<std::unique_ptr<Dimension>> dimensions;
  for (const MetricDefinition* metric : {&world.alone, &world.grouped}) {
    for (const DimensionDefinition& one : metric->dimensions) {
      dimensions.push_back(MakeDimension(one, world.classes.strings()));
      for (const EventSource& source : one.sources) {
        if (source.event_class != &world.every) continue;
        for (int i = 0; i < 4; ++i) {
          std::array<uint64_t, RingLayout::kMaxRecordWords> words{};
          input.ConsumeData(words.data(), world.every.words() * RingLayout::kWordBytes);
          (void)dimensions.back()->Record(
              EventRecord(reinterpret_cast<const std::byte*>(words.data())), source);
        }
      }
      const std::string snapshot = test::TextOf(*dimensions.back());
      Require(snapshot.find("malformed") == std::string::npos, "a snapshot that cannot be read");
    }
  }
}

// A recorder with rings, metrics and readers, through its whole life.
class Session {
 public:
  explicit Session(FuzzedDataProvider& input)
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

}  // namespace

}  // namespace metrics_runtime::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace metrics_runtime::fuzz;
  FuzzedDataProvider input(bytes, size);
  switch (input.ConsumeIntegralInRange(0, 3)) {
    case 0:
      DrainOneRing(input);
      break;
    case 1:
      RecordAnything(input);
      break;
    default:
      Session(input).Run();
  }
  return 0;
}
