// What the runtime thread pays for one series in each exposition format: 10 000 counters with
// three labels, and 10 000 histograms with eleven bounds; and for the text of them to be
// compressed as it is sent, in pieces of 16 KiB.
#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/exposition/gzip_stream.h"
#include "core/exposition/renderer.h"
#include "measured.h"

namespace metrics_runtime::test {

namespace {

constexpr uint32_t kSeries = 10'000;
constexpr size_t kLabels = 3;
constexpr std::array kBounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};
constexpr size_t kPieceBytes = size_t{16} << 10;
constexpr double kCreated = 1'700'000'000.125;

class Families {
 public:
  Families() {
    std::mt19937_64 random(1);
    std::uniform_int_distribution<int> count(1, 1'000'000);
    for (uint32_t i = 0; i < kSeries; ++i) {
      values_.push_back({"/api/v1/items/" + std::to_string(i / 50),
                         std::array{"GET", "PUT", "POST", "DELETE", "PATCH"}[i % 5],
                         std::to_string(200 + i % 50 / 5)});
      numbers_.push_back(count(random));
      sums_.push_back(count(random) / 1'000.0);
      for (double& own : counts_.emplace_back()) own = count(random);
    }
    for (const auto& [route, method, code] : values_) {
      labels_.push_back({{{"route", route}, {"method", method}, {"code", code}}});
    }
  }

  void RenderCounters(Renderer& renderer) const {
    const Family family{.name = "app_http_requests",
                        .type = FamilyType::kCounter,
                        .help = "Requests that were answered."};
    renderer.BeginFamily(family);
    for (size_t i = 0; i < kSeries; ++i) renderer.Series(labels_[i], kCreated, numbers_[i]);
    renderer.EndFamily();
    renderer.Finish();
  }

  void RenderHistograms(Renderer& renderer) const {
    const Family family{.name = "app_http_request_duration_seconds",
                        .type = FamilyType::kHistogram,
                        .help = "From the first byte to the last.",
                        .unit = "seconds"};
    renderer.BeginFamily(family);
    for (size_t i = 0; i < kSeries; ++i) {
      renderer.Series(labels_[i], kCreated,
                      HistogramPoint{.bounds = kBounds, .counts = counts_[i], .sum = sums_[i]});
    }
    renderer.EndFamily();
    renderer.Finish();
  }

 private:
  std::vector<std::array<std::string, kLabels>> values_;
  std::vector<std::array<Label, kLabels>> labels_;
  std::vector<double> numbers_;
  std::vector<double> sums_;
  std::vector<std::array<double, kBounds.size() + 1>> counts_;
};

const Families& TheFamilies() {
  static const Families families;
  return families;
}

using Render = void (Families::*)(Renderer&) const;

// `out` is emptied as a socket would empty it, or the memory would be what is measured.
void Drop(ByteChunks& out) {
  while (out.size() > 0) out.DropFront(out.Front().size());
}

void MeasureFormat(benchmark::State& state, ExpositionFormat format, Render render) {
  const Families& families = TheFamilies();
  size_t bytes = 0;
  for ([[maybe_unused]] auto iteration : state) {
    ByteChunks out;
    Measure(state, [&] { (families.*render)(*MakeRenderer(format, out)); });
    bytes = out.size();
    Drop(out);
  }
  state.counters["bytes"] = static_cast<double>(bytes);
}

void MeasureGzip(benchmark::State& state, Render render) {
  ByteChunks rendered;
  (TheFamilies().*render)(*MakeRenderer(ExpositionFormat::kPrometheusText, rendered));
  std::string text;
  for (; rendered.size() > 0; rendered.DropFront(rendered.Front().size())) {
    text.append(rendered.Front().data(), rendered.Front().size());
  }
  size_t bytes = 0;
  std::chrono::duration<double> longest{};
  for ([[maybe_unused]] auto iteration : state) {
    ByteChunks out;
    bytes = 0;
    Measure(state, [&] {
      GzipStream gzip(out);
      for (size_t i = 0; i < text.size(); i += kPieceBytes) {
        const auto begin = std::chrono::steady_clock::now();
        gzip.Write(std::string_view(text).substr(i, kPieceBytes));
        longest = std::max<std::chrono::duration<double>>(longest,
                                                          std::chrono::steady_clock::now() - begin);
        bytes += out.size();
        Drop(out);
      }
      gzip.Finish();
      bytes += out.size();
    });
  }
  state.counters["bytes"] = static_cast<double>(bytes);
  state.counters["seconds_per_piece"] = benchmark::Counter(
      static_cast<double>((text.size() + kPieceBytes - 1) / kPieceBytes),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["seconds_of_longest_piece"] = longest.count();
}

}  // namespace

void RegisterAll(int64_t fixed_iterations) {
  struct Format {
    std::string name;
    ExpositionFormat format;
  };
  const std::array<Format, 4> formats = {{{"text", ExpositionFormat::kPrometheusText},
                                          {"openmetrics", ExpositionFormat::kOpenMetrics},
                                          {"protobuf", ExpositionFormat::kPrometheusProtobuf},
                                          {"json", ExpositionFormat::kJson}}};
  struct Subject {
    std::string name;
    Render render;
  };
  const std::array<Subject, 2> subjects = {
      {{"counters", &Families::RenderCounters}, {"histograms", &Families::RenderHistograms}}};
  for (const auto& [subject, render] : subjects) {
    for (const auto& [name, format] : formats) {
      Register(subject + "/" + name, kSeries, fixed_iterations,
               [format = format, render = render](benchmark::State& state) {
                 MeasureFormat(state, format, render);
               });
    }
    Register(subject + "/gzip of text", kSeries, fixed_iterations,
             [render = render](benchmark::State& state) { MeasureGzip(state, render); });
  }
}

}  // namespace metrics_runtime::test
