// Rings whose memory holds what no producer writes: words and records are any bits, changed between
// two drains and in the middle of one. JavaScript writes there, so native must do with whatever it
// finds: read within the memory, dispatch what was pending and nothing beyond, keep its accounts.
#include <fuzzer/FuzzedDataProvider.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/event_ring.h"
#include "support/event_world.h"
#include "support/hostile_ring.h"
#include "support/oracle.h"
#include "support/recorder_session.h"
#include "support/value_text.h"

namespace metrics_runtime::fuzz {

namespace {

using DrainResult = EventRing::DrainResult;

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
      RecorderSession(input).Run();
  }
  return 0;
}
