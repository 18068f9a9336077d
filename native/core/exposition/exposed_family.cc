#include "core/exposition/exposed_family.h"

#include <algorithm>
#include <array>

#include "core/exposition/names.h"

namespace metrics_runtime {

namespace {

FamilyType TypeOf(const DimensionDefinition& dimension) {
  const auto never_negative = [](const EventSource& source) {
    return source.value.never_negative();
  };
  switch (dimension.aggregation.kind) {
    case AggregationKind::kCount:
      return FamilyType::kCounter;
    case AggregationKind::kSum:
      return std::ranges::all_of(dimension.sources, never_negative) ? FamilyType::kCounter
                                                                    : FamilyType::kGauge;
    case AggregationKind::kHistogram:
      return FamilyType::kHistogram;
    case AggregationKind::kExponentialHistogram:
      return FamilyType::kExponentialHistogram;
    case AggregationKind::kQuantiles:
      return FamilyType::kSummary;
    case AggregationKind::kUpDown:
    case AggregationKind::kMin:
    case AggregationKind::kMax:
    case AggregationKind::kMean:
    case AggregationKind::kLast:
    case AggregationKind::kDistinct:
      break;
  }
  return FamilyType::kGauge;
}

FamilyType TypeOf(const InstrumentDefinition& instrument) {
  switch (instrument.meaning.kind()) {
    case SlotMeaning::Kind::kSum:
      return instrument.monotonic ? FamilyType::kCounter : FamilyType::kGauge;
    case SlotMeaning::Kind::kHistogram:
      return FamilyType::kHistogram;
    case SlotMeaning::Kind::kExponential:
      return FamilyType::kExponentialHistogram;
    case SlotMeaning::Kind::kGauge:
      break;
  }
  return FamilyType::kGauge;
}

}  // namespace

ExposedFamily ExposeDimension(std::string_view name_space, std::string_view metric,
                              const DimensionDefinition& dimension) {
  const std::array<std::string_view, 2> parts{metric, dimension.name};
  ExposedFamily exposed{
      MakeFamily(name_space, parts, TypeOf(dimension), dimension.help, dimension.unit)};
  for (const FieldSpec& field : dimension.group_by.fields) {
    exposed.label_names.push_back(LegalLabelName(field.name));
  }
  return exposed;
}

ExposedFamily ExposeInstrument(std::string_view name_space,
                               const InstrumentDefinition& instrument) {
  const std::array<std::string_view, 1> parts{instrument.name};
  ExposedFamily exposed{
      MakeFamily(name_space, parts, TypeOf(instrument), instrument.help, instrument.unit)};
  for (const std::string& label : instrument.labels) {
    exposed.label_names.push_back(LegalLabelName(label));
  }
  return exposed;
}

}  // namespace metrics_runtime
