// Instruments with names, labels and values from the input, in an exposition of a whole recorder.
// Long texts come from few bytes, so that there is more than one slice of them.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/exposition/rendering.h"
#include "core/metric_set.h"

namespace metrics_runtime::fuzz {

class InstrumentsFrom {
 public:
  explicit InstrumentsFrom(FuzzedDataProvider& input) {
    for (int i = 0; i < 4 && input.remaining_bytes() > 0; ++i) AddInstrument(input);
  }
  [[nodiscard]] std::vector<RenderedRecorder> rendered() const {
    return {{.id = "r", .entity_id = "e", .metrics = set_.exposed(), .left_out = {}}};
  }

 private:
  static constexpr size_t kMostText = 64;

  void AddInstrument(FuzzedDataProvider& input) {
    constexpr std::array kKinds = {SlotMeaning::Kind::kSum, SlotMeaning::Kind::kGauge,
                                   SlotMeaning::Kind::kHistogram};
    InstrumentDefinition definition{
        .name = input.ConsumeRandomLengthString(kMostText),
        .fingerprint = std::to_string(slots_.size()),
        .labels = {input.ConsumeRandomLengthString(kMostText)},
        .meaning = SlotMeaning({.kind = input.PickValueInArray(kKinds), .bounds = {1, 5}}),
        .monotonic = input.ConsumeBool(),
        .help = input.ConsumeRandomLengthString(kMostText),
        .unit = input.ConsumeRandomLengthString(kMostText)};
    MetricSet::Refusal refusal;
    const auto instrument = set_.AddInstrument(std::move(definition), strings_, refusal);
    if (instrument == nullptr) return;
    for (size_t i = input.ConsumeIntegralInRange<size_t>(0, 6); i > 0; --i) {
      const std::string piece = input.ConsumeRandomLengthString(kMostText);
      std::string label;
      for (size_t left = 1u << input.ConsumeIntegralInRange(0, 8); left > 0; --left) label += piece;
      auto& own = slots_.emplace_back();
      for (double& slot : own) slot = input.ConsumeIntegral<uint16_t>();
      (void)instrument->AddSlots({&label, 1}, own.data(), this);
    }
  }

  StringTable strings_;
  std::deque<std::array<double, 6>> slots_;
  MetricSet set_{
      {.families = std::make_shared<FamilyRegistry>(), .name_space = "fuzz", .recorder = this}};
};

}  // namespace metrics_runtime::fuzz
