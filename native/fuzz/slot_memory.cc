// Instruments whose slots hold what no thread of ours writes: any bits, changed at any time between
// two readings. JavaScript writes there and native only reads, so it must do with whatever it
// finds. Each thread's slots are exactly as long as they are said to be, and are freed once they
// are not to be read any more: a redzone stands around them, and a grave where they were.
#include <fuzzer/FuzzedDataProvider.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/metric_set.h"
#include "support/exposition.h"
#include "support/oracle.h"
#include "support/value_text.h"

namespace metrics_runtime::fuzz {

namespace {

using Kind = SlotMeaning::Kind;
using Combine = SlotMeaning::Combine;

constexpr size_t kThreads = 3;
constexpr size_t kMostParts = 24;
constexpr int kMostSteps = 100;
constexpr uint32_t kMostSeries = 4;

InstrumentDefinition DefinitionFrom(FuzzedDataProvider& input) {
  constexpr std::array kKinds = {Kind::kSum, Kind::kGauge, Kind::kHistogram, Kind::kExponential};
  constexpr std::array kCombines = {Combine::kLast, Combine::kSum, Combine::kMin, Combine::kMax};
  const Kind kind = input.PickValueInArray(kKinds);
  const bool observed = kind == Kind::kGauge && input.ConsumeBool();
  std::vector<std::string> labels;
  if (input.ConsumeBool()) labels = {"k", "l"};
  return {.name = "m",
          .fingerprint = "",
          .labels = std::move(labels),
          .max_series = kMostSeries,
          .expire_after_ms = observed ? 0u : input.ConsumeIntegralInRange<uint32_t>(0, 1),
          .meaning = SlotMeaning({.kind = kind,
                                  .combine = input.PickValueInArray(kCombines),
                                  .bounds = {-1, 0.5, 8},
                                  .max_size = input.ConsumeIntegralInRange<uint32_t>(2, 64)}),
          .observed = observed,
          .monotonic = input.ConsumeBool()};
}

// What one thread has for one series.
struct Part {
  std::unique_ptr<double[]> slots;
  // Those of its buckets that are counted in, and those that were before and may still be read
  // until the slots are let go.
  std::vector<std::pair<std::unique_ptr<double[]>, uint32_t>> windows;
  size_t thread = 0;
};

class Session {
 public:
  explicit Session(FuzzedDataProvider& input)
      : input_(input),
        set_({.families = families_, .name_space = "fuzz", .recorder = this}),
        instrument_(MakeInstrument()) {}

  void Run() {
    for (int step = 0; step < kMostSteps && input_.remaining_bytes() > 0; ++step) Step();
    Read();
  }

 private:
  std::shared_ptr<Instrument> MakeInstrument() {
    MetricSet::Refusal refusal;
    auto instrument = set_.AddInstrument(DefinitionFrom(input_), strings_, refusal);
    Require(instrument != nullptr, "an instrument is refused that nothing stands in the way of");
    return instrument;
  }

  void Step() {
    switch (input_.ConsumeIntegralInRange(0, 9)) {
      case 0:
        return Add();
      case 1:
      case 2:
      case 3:
        return WriteSomething();
      case 4:
        return SetBuckets();
      case 5:
        return Remove();
      case 6:
        return EndThread();
      case 7:
        (void)instrument_->NextSequence();
        return;
      case 8:
        return Read();
      default:
        // Once is enough: from there on nothing is read.
        if (input_.ConsumeIntegral<uint8_t>() != 0) return;
        set_.CloseInstruments();
        closed_ = true;
        parts_.clear();
    }
  }

  void Add() {
    if (parts_.size() == kMostParts) return;
    Part part{.slots = Numbers(width()), .windows = {}, .thread = AnyThread()};
    const void* const thread = &threads_[part.thread];
    std::vector<std::string> labels;
    for (size_t i = 0; i < instrument_->definition().labels.size(); ++i) {
      labels.push_back(input_.ConsumeRandomLengthString(3));
    }
    using Added = Instrument::Added;
    Added added = instrument_->AddSlots(labels, part.slots.get(), thread);
    Require((added == Added::kClosed) == closed_, "slots are taken by what was closed");
    Require(!labels.empty() || added != Added::kOverflow, "the only series overflows");
    if (added == Added::kOverflow) {
      added = instrument_->AddOverflowSlots(part.slots.get(), thread);
      Require(added == Added::kOverflow, "the overflow takes no slots");
    }
    if (added != Added::kClosed) parts_.push_back(std::move(part));
  }

  void WriteSomething() {
    Part* const part = AnyPart();
    if (part == nullptr) return;
    const size_t at = input_.ConsumeIntegralInRange<size_t>(0, part->windows.size());
    if (at == 0) {
      part->slots[input_.ConsumeIntegralInRange<size_t>(0, width() - 1)] = AnyNumber();
      return;
    }
    const auto& [counts, size] = part->windows[at - 1];
    if (size > 0) counts[input_.ConsumeIntegralInRange<uint32_t>(0, size - 1)] = AnyNumber();
  }

  // What the binding lets through, and so the thread itself could ask for.
  void SetBuckets() {
    const SlotMeaning& meaning = instrument_->definition().meaning;
    Part* const part = AnyPart();
    if (part == nullptr || !meaning.has_buckets()) return;
    ExponentialSlots buckets;
    buckets.scale = input_.ConsumeIntegralInRange<int>(kMinExponentialScale, kMaxExponentialScale);
    const int32_t most = buckets.scale >= 0 ? 1'100 << buckets.scale : 1'100 >> -buckets.scale;
    for (ExponentialSlots::Side& side : buckets.sides) {
      const auto size = input_.ConsumeIntegralInRange<uint32_t>(0, meaning.max_size());
      auto counts = Numbers(size);
      side = {.first = input_.ConsumeIntegralInRange<int32_t>(-most, most),
              .size = size,
              .counts = counts.get()};
      part->windows.emplace_back(std::move(counts), size);
    }
    (void)instrument_->SetBuckets(part->slots.get(), buckets);
    // The two before are not read any more.
    if (part->windows.size() > 2)
      part->windows.erase(part->windows.begin(), part->windows.end() - 2);
  }

  void Remove() {
    Part* const part = AnyPart();
    const bool may_end =
        instrument_->definition().expire_after_ms != 0 || instrument_->definition().observed;
    if (part == nullptr || !may_end || !instrument_->RemoveSlots(part->slots.get())) return;
    parts_.erase(parts_.begin() + (part - parts_.data()));
  }

  void EndThread() {
    const size_t thread = AnyThread();
    set_.Forget(&threads_[thread]);
    std::erase_if(parts_, [thread](const Part& part) { return part.thread == thread; });
  }

  void Read() {
    const std::string snapshot =
        test::WrittenText([&](ValueWriter& writer) { set_.Write(writer); });
    Require(snapshot.find("malformed") == std::string::npos, "a snapshot that cannot be read");
    std::vector<RenderedRecorder> recorders;
    recorders.push_back({.id = "r", .entity_id = "", .metrics = set_.exposed(), .left_out = {}});
    if (input_.ConsumeBool()) recorders.front().left_out = {&threads_[AnyThread()]};
    RequireReadable(input_.PickValueInArray(kFormats), std::move(recorders));
    Require(instrument_->HoldNumbers() <= kMostParts + kMostSteps, "more series than were begun");
    instrument_->ReleaseNumbers();
    // What a start that is taken back keeps.
    if (input_.ConsumeBool()) (void)set_.Copy(strings_);
  }

  [[nodiscard]] size_t width() const { return instrument_->definition().meaning.width(); }
  size_t AnyThread() { return input_.ConsumeIntegralInRange<size_t>(0, kThreads - 1); }
  Part* AnyPart() {
    if (parts_.empty()) return nullptr;
    return &parts_[input_.ConsumeIntegralInRange<size_t>(0, parts_.size() - 1)];
  }
  double AnyNumber() {
    if (input_.ConsumeBool()) return input_.ConsumeIntegral<int8_t>();
    const auto bits = input_.ConsumeIntegral<uint64_t>();
    double number;
    std::memcpy(&number, &bits, sizeof number);
    return number;
  }
  static std::unique_ptr<double[]> Numbers(size_t size) { return std::make_unique<double[]>(size); }

  FuzzedDataProvider& input_;
  StringTable strings_;
  const std::array<char, kThreads> threads_{};
  const std::shared_ptr<FamilyRegistry> families_ = std::make_shared<FamilyRegistry>();
  std::vector<Part> parts_;  // outlives what reads it
  MetricSet set_;
  const std::shared_ptr<Instrument> instrument_;
  bool closed_ = false;
};

}  // namespace

}  // namespace metrics_runtime::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  FuzzedDataProvider input(bytes, size);
  metrics_runtime::fuzz::Session(input).Run();
  return 0;
}
