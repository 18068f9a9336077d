// What the runtime thread pays for one series of an instrument in a snapshot: two threads have
// written to each of 1 000 series with two labels; all are read and written out.
#include <array>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/instrument.h"
#include "measured.h"

namespace metrics_runtime::test {

namespace {

constexpr uint32_t kSeries = 1'000;
constexpr size_t kThreads = 2;
constexpr uint32_t kBuckets = 160;

struct Subject {
  std::string name;
  SlotMeaning::Options meaning;
};

std::vector<Subject> Subjects() {
  using Kind = SlotMeaning::Kind;
  using Combine = SlotMeaning::Combine;
  return {
      {"counter", {.kind = Kind::kSum}},
      {"gauge, last", {.kind = Kind::kGauge, .combine = Combine::kLast}},
      {"gauge, sum", {.kind = Kind::kGauge, .combine = Combine::kSum}},
      {"histogram of 11",
       {.kind = Kind::kHistogram,
        .bounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}}},
      {"exponential histogram", {.kind = Kind::kExponential, .max_size = kBuckets}},
  };
}

class WrittenInstrument {
 public:
  explicit WrittenInstrument(const Subject& subject)
      : instrument_(Definition(subject), std::make_shared<std::atomic<uint64_t>>(0)) {
    const size_t width = instrument_.definition().meaning.width();
    const bool has_buckets = instrument_.definition().meaning.has_buckets();
    std::mt19937_64 random(1);
    std::uniform_int_distribution<int> count(1, 1'000);
    for (uint32_t series = 0; series < kSeries; ++series) {
      const std::array labels{"route " + std::to_string(series / 10), std::to_string(series % 10)};
      for (const char& thread : threads_) {
        std::vector<double>& slots = slots_.emplace_back(width);
        for (double& slot : slots) slot = count(random);
        if (instrument_.AddSlots(labels, slots.data(), &thread) != Instrument::Added::kSeries) {
          std::abort();
        }
        if (has_buckets) GiveBuckets(slots.data(), random);
      }
    }
  }

  void Write() {
    ValueWriter writer;
    instrument_.Write(writer);
    benchmark::DoNotOptimize(writer.Take());
  }

 private:
  static InstrumentDefinition Definition(const Subject& subject) {
    return {.name = "i",
            .fingerprint = "",
            .labels = {"route", "status"},
            .max_series = kSeries,
            .meaning = SlotMeaning(subject.meaning)};
  }

  // Half of the window was counted in, as durations leave it.
  void GiveBuckets(const double* slots, std::mt19937_64& random) {
    std::vector<double>& counts = slots_.emplace_back(kBuckets);
    std::uniform_int_distribution<int> count(1, 100);
    for (size_t i = kBuckets / 4; i < kBuckets * 3 / 4; ++i) counts[i] = count(random);
    const ExponentialSlots buckets{
        .scale = 3, .sides = {{{.first = -80, .size = kBuckets, .counts = counts.data()}, {}}}};
    if (!instrument_.SetBuckets(slots, buckets)) std::abort();
  }

  const std::array<char, kThreads> threads_{};  // their addresses stand for them
  std::vector<std::vector<double>> slots_;      // each in memory of its own, which stays
  Instrument instrument_;
};

}  // namespace

void RegisterAll(int64_t fixed_iterations) {
  for (const Subject& subject : Subjects()) {
    Register(subject.name, kSeries, fixed_iterations, [subject](benchmark::State& state) {
      WrittenInstrument written(subject);
      written.Write();
      for ([[maybe_unused]] auto iteration : state) Measure(state, [&] { written.Write(); });
    });
  }
}

}  // namespace metrics_runtime::test
