#include "core/exposition/rendering.h"

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>

#include "core/instrument.h"
#include "core/recorder.h"

namespace metrics_runtime {

namespace {

// Between two looks at the clock: some 100 microseconds at most, but that one series, one family's
// end and the numbers of one recorder are the least there is.
constexpr size_t kListedAtOnce = 64;                    // metrics
constexpr size_t kCopyAtOnce = 16'384;                  // numbers looked at
constexpr size_t kSeriesCost = 256;                     // what a series costs beside them
constexpr size_t kRenderedAtOnce = size_t{16} << 10;    // bytes
constexpr size_t kRenderedSeriesCost = 64;              // what a series costs beside them
constexpr size_t kCompressedAtOnce = size_t{16} << 10;  // bytes

static_assert(Dimension::kOverflowSeries == Instrument::kOverflowSeries);
constexpr uint32_t kOverflowSeries = Instrument::kOverflowSeries;

// From this size of an exposition on its memory is given back as it goes.
constexpr size_t kLargeBytes = size_t{4} << 20;

// Gives the system the whole pages of memory that is about to be freed. glibc keeps what a thread
// frees until the top of its heap is free, and then gives back all of it in one call: with 160 MB
// that took 16 to 100 ms, in which nothing was drained.
void GiveBackPages([[maybe_unused]] std::span<const char> bytes) {
#if defined(__linux__)
  static const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const size_t before = (page - reinterpret_cast<uintptr_t>(bytes.data()) % page) % page;
  if (bytes.size() < before + page) return;
  const size_t whole = (bytes.size() - before) / page * page;
  (void)madvise(const_cast<char*>(bytes.data()) + before, whole, MADV_DONTNEED);
#endif
}

Instrument* InstrumentOf(const Metric& metric) { return metric.definition().instrument.get(); }

}  // namespace

Rendering::Rendering(ExpositionFormat format, bool gzip, std::vector<RenderedRecorder> recorders,
                     NumbersOf numbers_of)
    : recorders_(std::move(recorders)),
      numbers_of_(std::move(numbers_of)),
      renderer_(MakeRenderer(format, rendered_)) {
  if (gzip) gzip_.emplace(compressed_);
}

Rendering::~Rendering() {
  for (Group& group : groups_) {
    for (Part& part : group.parts) LetGo(part);
  }
}

bool Rendering::Step(Clock::time_point until) {
  do {
    switch (phase_) {
      case Phase::kCopy:
        if (!CopySome()) phase_ = Phase::kRender;
        break;
      case Phase::kRender:
        if (!RenderSome()) {
          BeginAssembling();
          phase_ = Phase::kAssemble;
        }
        break;
      case Phase::kAssemble:
        if (!AssembleSome()) phase_ = Phase::kDone;
        break;
      case Phase::kDone:
        return true;
    }
  } while (Clock::now() < until);
  return phase_ == Phase::kDone;
}

bool Rendering::CopySome() {
  if (part_ == listed_.size()) {
    if (recorder_ > recorders_.size()) return false;
    ListSome();
    return true;
  }
  Part& part = *listed_[part_];
  if (series_ == part.series) {
    (void)CopySeries(part, kOverflowSeries);
    ++part_;
    series_ = 0;
    return true;
  }
  for (size_t work = 0; work < kCopyAtOnce && series_ < part.series; ++series_) {
    work += kSeriesCost + CopySeries(part, series_);
  }
  return true;
}

void Rendering::ListSome() {
  listed_.clear();
  part_ = 0;
  const RenderedRecorder* const recorder =
      recorder_ < recorders_.size() ? &recorders_[recorder_] : nullptr;
  if (recorder != nullptr && metric_ < recorder->metrics.size()) {
    const size_t end = std::min(metric_ + kListedAtOnce, recorder->metrics.size());
    while (metric_ < end) AddPartsOf(*recorder, recorder->metrics[metric_++]);
    return;
  }
  AddNumbersOf(recorder);
  ++recorder_;
  metric_ = 0;
}

void Rendering::AddPartsOf(const RenderedRecorder& recorder,
                           const std::shared_ptr<Metric>& metric) {
  for (uint32_t i = 0; i < metric->families().size(); ++i) {
    Part& part = AddPart(metric->families()[i].family, &recorder);
    listed_.push_back(&part);
    part.dimension = i;
    Instrument* const instrument = InstrumentOf(*metric);
    part.series =
        instrument == nullptr ? metric->dimension(i).series_count() : instrument->HoldNumbers();
    part.metric = metric;  // from here on LetGo has something to release
  }
}

void Rendering::AddNumbersOf(const RenderedRecorder* recorder) {
  for (const RenderedNumber& number : numbers_of_(recorder)) {
    AddPart(*number.family, recorder).number = number;
  }
}

Rendering::Part& Rendering::AddPart(const Family& family, const RenderedRecorder* recorder) {
  const auto [found, added] = group_of_.try_emplace(family.name, nullptr);
  if (added) found->second = &groups_.emplace_back(Group{&family});
  return found->second->parts.emplace_back(Part{.recorder = recorder});
}

size_t Rendering::CopySeries(Part& part, uint32_t series) {
  if (part.copies.empty() || part.copies.back().full()) part.copies.emplace_back();
  SeriesCopies& copies = part.copies.back();
  const size_t before = copies.numbers.looked_at();
  if (const Instrument* const instrument = InstrumentOf(*part.metric)) {
    const bool observed = instrument->definition().observed;
    const std::span<const void* const> left_out =
        observed ? std::span<const void* const>(part.recorder->left_out)
                 : std::span<const void* const>();
    if (series == kOverflowSeries) {
      instrument->CopyOverflow(copies, left_out);
    } else {
      instrument->CopyPoints(copies, series, 1, left_out);
    }
  } else {
    const auto point = part.metric->dimension(part.dimension).CopyPoint(series, copies.numbers);
    if (point.has_value()) copies.series.push_back({series, part.metric->begun(), *point});
  }
  return copies.numbers.looked_at() - before;
}

bool Rendering::RenderSome() {
  if (gzip_.has_value() && rendered_.size() >= kCompressedAtOnce) {
    CompressSome();
    return true;
  }
  if (groups_.empty()) {
    if (!std::exchange(finished_, true)) {
      renderer_->Finish();
      return true;
    }
    if (!gzip_.has_value()) return false;
    while (rendered_.size() > 0) CompressSome();
    gzip_->Finish();
    return false;
  }
  Group& group = groups_.front();
  if (group.parts.empty()) {
    if (std::exchange(family_begun_, false)) renderer_->EndFamily();
    group_of_.erase(group.family->name);
    groups_.pop_front();
    return true;
  }
  Part& part = group.parts.front();
  if (!HasSeries(part)) {
    LetGo(part);
    group.parts.pop_front();
    return true;
  }
  // Not before: formats want families that have something to show.
  if (!std::exchange(family_begun_, true)) renderer_->BeginFamily(*group.family);
  if (part.number.has_value()) {
    (void)RenderSeries(part, {0, part.number->created, part.number->value});
    part.number.reset();
    return true;
  }
  for (size_t work = 0; work < kRenderedAtOnce && HasSeries(part);) {
    const auto& series = part.copies.front().series;
    work += kRenderedSeriesCost + RenderSeries(part, series[rendered_series_++]);
    if (rendered_series_ < series.size()) continue;
    part.copies.pop_front();
    rendered_series_ = 0;
  }
  return true;
}

bool Rendering::HasSeries(const Part& part) noexcept {
  if (part.metric == nullptr) return part.number.has_value();
  return !part.copies.empty() && !part.copies.front().series.empty();
}

size_t Rendering::RenderSeries(const Part& part, const SeriesCopies::Copied& copied) {
  labels_.clear();
  if (part.recorder != nullptr) {
    const RenderedRecorder& recorder = *part.recorder;
    labels_.push_back({"recorder", recorder.id});
    const bool other = !recorder.entity_id.empty() && recorder.entity_id != recorder.id;
    if (other) labels_.push_back({"entity", recorder.entity_id});
  }
  LabelValues values;
  if (copied.series == kOverflowSeries) {
    labels_.push_back({"metrics_overflow", "true"});
  } else if (part.metric != nullptr) {
    if (const Instrument* const instrument = InstrumentOf(*part.metric)) {
      instrument->AddLabels(copied.series, values);
    } else {
      part.metric->dimension(part.dimension).AddLabels(copied.series, values);
    }
    const auto& names = part.metric->families()[part.dimension].label_names;
    for (size_t i = 0; i < values.values().size(); ++i) {
      labels_.push_back({names[i], values.values()[i]});
    }
  }
  return renderer_->Series(labels_, copied.created, copied.point);
}

void Rendering::CompressSome() {
  const std::span<const char> front = rendered_.Front();
  const size_t bytes = std::min(front.size(), kCompressedAtOnce);
  gzip_->Write({front.data(), bytes});
  rendered_.DropFront(bytes);
}

void Rendering::BeginAssembling() {
  result_.size = output().size();
  // No memory of size 0, which may be none.
  result_.bytes.reset(static_cast<char*>(std::malloc(std::max<size_t>(result_.size, 1))));
  if (result_.bytes == nullptr) throw std::bad_alloc();
}

bool Rendering::AssembleSome() {
  const std::span<const char> front = output().Front();
  if (front.empty()) return false;
  std::memcpy(result_.bytes.get() + assembled_, front.data(), front.size());
  assembled_ += front.size();
  if (result_.size >= kLargeBytes) GiveBackPages(front);
  output().DropFront(front.size());
  return true;
}

void Rendering::LetGo(Part& part) noexcept {
  if (part.metric == nullptr) return;
  if (Instrument* const instrument = InstrumentOf(*part.metric)) instrument->ReleaseNumbers();
  part.metric.reset();
}

}  // namespace metrics_runtime
