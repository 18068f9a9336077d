// One exposition on its way: what recorders have is copied, and the copy is rendered, compressed if
// that is wanted, and put together in one block of memory. All of it in steps that end soon, so
// that whoever makes them can do other things in between; what is rendered is freed in them as
// well. A step takes in as many series as their size lets it, and at least one whole.
//
// The copy is one epoch: each series is copied whole, and no series is rendered before all of them
// are copied. What is written between two steps of the copying is in those series that come later.
//
// Threads: one at a time, the one that changes the metrics (core/metric_set.h); instruments lock
// for themselves, one series at a time.
//
// Lifetime: it holds the metrics, which may be replaced, removed or closed meanwhile; what label
// texts of events are in (EventClassRegistry) must outlive it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/exposition/byte_chunks.h"
#include "core/exposition/exposed_family.h"
#include "core/exposition/gzip_stream.h"
#include "core/exposition/renderer.h"
#include "core/exposition/series_copies.h"
#include "core/metric.h"

namespace metrics_runtime {

class Recorder;

// What Rendering makes: one block, from malloc, so that it can be handed on.
struct RenderedBytes {
  struct Free {
    void operator()(char* block) const noexcept { std::free(block); }
  };
  std::unique_ptr<char, Free> bytes = nullptr;
  size_t size = 0;
};

// A recorder as it is rendered.
struct RenderedRecorder {
  std::string id;
  std::string entity_id;  // shown where it is another one than the id
  std::vector<std::shared_ptr<Metric>> metrics;
  std::vector<const void*> left_out;             // of Instrument::Write
  std::shared_ptr<Recorder> recorder = nullptr;  // for NumbersOf
};

// A number that no metric has, such as those about a recorder itself. `family` outlives the
// rendering.
struct RenderedNumber {
  const Family* family;
  double created;
  double value;
};

class Rendering {
 public:
  using Clock = std::chrono::steady_clock;

  // Numbers about a recorder, or those of nobody for nullptr, at the moment of the call; the thread
  // of Step.
  using NumbersOf = std::function<std::vector<RenderedNumber>(const RenderedRecorder*)>;

  // Throws std::bad_alloc.
  Rendering(ExpositionFormat format, bool gzip, std::vector<RenderedRecorder> recorders,
            NumbersOf numbers_of);
  ~Rendering();
  Rendering(const Rendering&) = delete;
  Rendering& operator=(const Rendering&) = delete;

  // Goes on until then at least, and hardly longer; true: it is done. Throws std::bad_alloc: then
  // it is of no more use.
  [[nodiscard]] bool Step(Clock::time_point until);
  // Once it is done.
  [[nodiscard]] RenderedBytes Take() noexcept { return std::move(result_); }

 private:
  enum class Phase { kCopy, kRender, kAssemble, kDone };

  // The series of one family in one recorder, or a number.
  struct Part {
    const RenderedRecorder* recorder;          // nullptr: of none
    std::shared_ptr<Metric> metric = nullptr;  // nullptr: a number, or let go
    uint32_t dimension = 0;
    uint32_t series = 0;  // as many numbers as were given
    std::list<SeriesCopies>
        copies{};  // in the order of the series, without those that are rendered
    std::optional<RenderedNumber> number = std::nullopt;  // until it is rendered
  };
  // All parts of one family that are not rendered yet.
  struct Group {
    const Family* family;
    std::list<Part> parts{};
  };

  // A little of it; false: there is nothing left of it.
  [[nodiscard]] bool CopySome();
  [[nodiscard]] bool RenderSome();
  [[nodiscard]] bool AssembleSome();

  void ListSome();
  void AddPartsOf(const RenderedRecorder& recorder, const std::shared_ptr<Metric>& metric);
  void AddNumbersOf(const RenderedRecorder* recorder);
  Part& AddPart(const Family& family, const RenderedRecorder* recorder);
  // Returns how many numbers were looked at.
  size_t CopySeries(Part& part, uint32_t series);
  [[nodiscard]] static bool HasSeries(const Part& part) noexcept;
  // Returns how many bytes it came to.
  size_t RenderSeries(const Part& part, const SeriesCopies::Copied& copied);
  void CompressSome();
  void BeginAssembling();
  static void LetGo(Part& part) noexcept;
  [[nodiscard]] ByteChunks& output() noexcept {
    return gzip_.has_value() ? compressed_ : rendered_;
  }

  std::vector<RenderedRecorder> recorders_;
  const NumbersOf numbers_of_;
  Phase phase_ = Phase::kCopy;

  size_t recorder_ = 0;        // the next to be listed; after the last, nobody
  size_t metric_ = 0;          // the next of it
  std::vector<Part*> listed_;  // those with a metric that were listed in one step: to be copied
  size_t part_ = 0;            // the next of them
  uint32_t series_ = 0;        // the next of it

  std::deque<Group> groups_;
  std::unordered_map<std::string_view, Group*> group_of_;  // by the family's name
  bool family_begun_ = false;                              // that of the first group
  size_t rendered_series_ = 0;                             // of the first copies of its first part
  bool finished_ = false;
  std::vector<Label> labels_;

  ByteChunks rendered_;
  std::unique_ptr<Renderer> renderer_;
  ByteChunks compressed_;
  std::optional<GzipStream> gzip_;  // into compressed_
  RenderedBytes result_;
  size_t assembled_ = 0;
};

}  // namespace metrics_runtime
