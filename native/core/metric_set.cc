#include "core/metric_set.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "core/fault_points.h"

namespace metrics_runtime {

std::vector<ExposedFamily> MetricSet::FamiliesOf(const MetricDefinition& definition) const {
  std::vector<ExposedFamily> families;
  if (scope_.families == nullptr) return families;
  if (definition.instrument != nullptr) {
    families.push_back(ExposeInstrument(scope_.name_space, definition.instrument->definition()));
  }
  for (const DimensionDefinition& dimension : definition.dimensions) {
    families.push_back(ExposeDimension(scope_.name_space, definition.name, dimension));
  }
  return families;
}

MetricSet::Refusal MetricSet::Claim(Metric& metric, const Metric* replaced) const {
  if (scope_.families == nullptr) return std::nullopt;
  FamilyRegistry::Refusal refusal;
  auto claim = scope_.families->Take(scope_.recorder, metric.families(),
                                     replaced == nullptr ? nullptr : replaced->claim(), refusal);
  if (claim == nullptr) return refusal;
  metric.SetClaim(std::move(claim));
  return std::nullopt;
}

MetricSet::Refusal MetricSet::Register(MetricDefinition definition, const StringTable& strings) {
  // Everything that can throw works on copies, so that a refusal of memory changes nothing.
  Metrics metrics = metrics_;
  const auto is_replaced = [name = definition.name,
                            thread = definition.thread](const auto& metric) {
    const MetricDefinition& other = metric->definition();
    const bool meets = thread == nullptr || other.thread == nullptr || other.thread == thread;
    return meets && other.name == name;
  };
  const auto replaced = std::ranges::find_if(metrics, is_replaced);
  if (replaced != metrics.end() && (*replaced)->definition().thread == definition.thread &&
      (*replaced)->definition().fingerprint == definition.fingerprint) {
    return std::nullopt;
  }
  std::vector<ExposedFamily> families = FamiliesOf(definition);
  const auto metric = std::make_shared<Metric>(std::move(definition), strings, std::move(families));
  std::shared_ptr<Metric> before;
  if (replaced == metrics.end()) {
    metrics.push_back(metric);
  } else {
    before = std::exchange(*replaced, metric);
    metrics.erase(std::remove_if(replaced + 1, metrics.end(), is_replaced), metrics.end());
  }
  Routes routes = MakeRoutes(metrics);
  if (Refusal refusal = Claim(*metric, before.get())) return refusal;
  routes_ = std::move(routes);
  metrics_ = std::move(metrics);
  return std::nullopt;
}

bool MetricSet::HasInstrument(std::string_view name) const noexcept {
  return std::ranges::any_of(metrics_, [name](const auto& metric) {
    return metric->definition().instrument != nullptr && metric->definition().name == name;
  });
}

std::shared_ptr<Instrument> MetricSet::AddInstrument(InstrumentDefinition definition,
                                                     const StringTable& strings, Refusal& refusal) {
  for (const auto& metric : metrics_) {
    const MetricDefinition& other = metric->definition();
    if (other.name != definition.name) continue;
    const bool equal = other.instrument != nullptr &&
                       other.instrument->definition().fingerprint == definition.fingerprint;
    return equal ? other.instrument : nullptr;
  }
  MetricDefinition made{.name = definition.name};
  made.instrument = std::make_shared<Instrument>(std::move(definition), instruments_overflowed_);
  std::vector<ExposedFamily> families = FamiliesOf(made);
  const auto metric = std::make_shared<Metric>(made, strings, std::move(families));
  metrics_.reserve(metrics_.size() + 1);
  refusal = Claim(*metric, nullptr);
  if (refusal.has_value()) return nullptr;
  metrics_.push_back(metric);
  return made.instrument;
}

MetricSet::Routes MetricSet::MakeRoutes(const Metrics& metrics) {
  Routes routes;
  for (const auto& metric : metrics) {
    const auto& dimensions = metric->definition().dimensions;
    for (size_t i = 0; i < dimensions.size(); ++i) {
      for (const EventSource& source : dimensions[i].sources) {
        const uint32_t id = source.event_class->id();
        if (id >= routes.size()) routes.resize(id + 1);
        routes[id].push_back({source, &metric->dimension(i)});
      }
    }
  }
  return routes;
}

const char* MetricSet::Dispatch(const EventClass& event_class, const EventRecord& record) noexcept {
  if (FailsAt(FaultPoint::kDispatch)) return "a fault point";
  // Before anything counts it: the event goes to all who want it, or to none.
  for (const uint32_t offset : event_class.float64_offsets()) {
    if (!std::isfinite(record.F64(offset))) return "a queue holds a number that no producer writes";
  }
  for (const uint32_t offset : event_class.label_offsets()) {
    if (record.U32(offset) != StringTable::kOverflowId) continue;
    StoreRelaxed(&labels_overflowed_, labels_overflowed_ + 1);
  }
  if (event_class.id() >= routes_.size()) return nullptr;
  try {
    for (const auto& [source, target] : routes_[event_class.id()]) {
      if (!source.where.Matches(record)) continue;
      if (target->Record(record, source) == Dimension::Recorded::kInSeries) continue;
      StoreRelaxed(&series_overflowed_, series_overflowed_ + 1);
    }
  } catch (...) {  // std::bad_alloc, or what a container throws in its place
    return "the system refused memory for a series or for what one has to remember";
  }
  return nullptr;
}

void MetricSet::Write(ValueWriter& writer, const void* thread,
                      std::span<const void* const> left_out) const {
  const auto is_seen = [thread](const auto& metric) {
    const void* const owner = metric->definition().thread;
    return owner == nullptr || owner == thread;
  };
  writer.Object(static_cast<size_t>(std::ranges::count_if(metrics_, is_seen)));
  for (const auto& metric : metrics_) {
    if (!is_seen(metric)) continue;
    writer.Key(metric->definition().name);
    if (metric->definition().thread == nullptr) {
      metric->Write(writer, left_out);
    } else {
      writer.Null();
    }
  }
}

void MetricSet::Forget(const void* thread) noexcept {
  // A declared one has no thread.
  if (thread == nullptr) return;
  for (const auto& metric : metrics_) {
    if (const auto& instrument = metric->definition().instrument) instrument->Fold(thread);
  }
  std::erase_if(metrics_,
                [thread](const auto& metric) { return metric->definition().thread == thread; });
}

void MetricSet::CloseInstruments() noexcept {
  for (const auto& metric : metrics_) {
    if (const auto& instrument = metric->definition().instrument) instrument->Close();
  }
}

void MetricSet::GiveUpClaims() noexcept {
  for (const auto& metric : metrics_) metric->SetClaim(nullptr);
}

std::vector<std::shared_ptr<Metric>> MetricSet::exposed() const {
  std::vector<std::shared_ptr<Metric>> exposed;
  // Restored is also what had been replaced and whose names others may have by now.
  std::ranges::copy_if(metrics_, std::back_inserter(exposed), [](const auto& metric) {
    return metric->claim() != nullptr && metric->claim()->holds();
  });
  return exposed;
}

std::unique_ptr<MetricSet> MetricSet::Copy(const StringTable& strings) const {
  auto copy = std::make_unique<MetricSet>();
  for (const auto& metric : metrics_) copy->metrics_.push_back(metric->Copy(strings));
  copy->routes_ = MakeRoutes(copy->metrics_);
  copy->labels_overflowed_ = labels_overflowed_;
  copy->instruments_overflowed_->store(instruments_overflowed_->load(std::memory_order_relaxed),
                                       std::memory_order_relaxed);
  copy->series_overflowed_ = series_overflowed_;
  return copy;
}

void MetricSet::Restore(MetricSet& kept) noexcept {
  metrics_.swap(kept.metrics_);
  routes_.swap(kept.routes_);
  StoreRelaxed(&labels_overflowed_, kept.labels_overflowed_);
  StoreRelaxed(&series_overflowed_, kept.series_overflowed_);
  instruments_overflowed_->store(kept.instruments_overflowed_->load(std::memory_order_relaxed),
                                 std::memory_order_relaxed);
}

}  // namespace metrics_runtime
