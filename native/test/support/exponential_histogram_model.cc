#include "support/exponential_histogram_model.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>

#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

class Model {
 public:
  Model(uint32_t max_size, const std::vector<double>& values, std::optional<double> sum)
      : max_size_(max_size) {
    for (const double value : values) {
      sum_ += value;
      ++count_;
      min_ = std::min(min_, value);
      max_ = std::max(max_, value);
      if (value == 0) {
        ++zero_count_;
      } else {
        ++(value > 0 ? positive_ : negative_)[ExponentialIndex(value, kMaxExponentialScale)];
      }
    }
    sum_ = sum.value_or(sum_);
  }

  void Write(ValueWriter& writer) const {
    int scale = kMaxExponentialScale;
    while (std::max(Width(positive_, scale), Width(negative_, scale)) > max_size_) --scale;
    writer.Object(8);
    writer.Key("scale");
    writer.Number(static_cast<double>(scale));
    writer.Key("zeroCount");
    writer.Number(zero_count_);
    writer.Key("positive");
    WriteBuckets(writer, positive_, scale);
    writer.Key("negative");
    WriteBuckets(writer, negative_, scale);
    writer.Key("count");
    writer.Number(count_);
    writer.Key("sum");
    writer.Number(sum_);
    writer.Key("min");
    writer.Number(count_ == 0 ? std::nullopt : std::optional(min_));
    writer.Key("max");
    writer.Number(count_ == 0 ? std::nullopt : std::optional(max_));
  }

 private:
  using Counts = std::map<int32_t, double>;

  static int32_t At(int32_t index, int scale) {
    return static_cast<int32_t>(std::floor(index / std::exp2(kMaxExponentialScale - scale)));
  }
  static size_t Width(const Counts& counts, int scale) {
    if (counts.empty()) return 0;
    const int32_t first = At(counts.begin()->first, scale);
    return static_cast<size_t>(At(counts.rbegin()->first, scale) - first + 1);
  }
  static void WriteBuckets(ValueWriter& writer, const Counts& counts, int scale) {
    const int32_t first = counts.empty() ? 0 : At(counts.begin()->first, scale);
    std::vector<double> written(Width(counts, scale));
    for (const auto& [index, count] : counts) {
      written[static_cast<size_t>(At(index, scale) - first)] += count;
    }
    writer.Object(2);
    writer.Key("offset");
    writer.Number(static_cast<double>(first));
    writer.Key("counts");
    writer.Array(written.size());
    for (const double count : written) writer.Number(count);
  }

  uint32_t max_size_;
  Counts positive_;
  Counts negative_;
  double zero_count_ = 0;
  double count_ = 0;
  double sum_ = 0;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
};

double NumberAfter(const std::string& text, const std::string& key) {
  const std::string quoted = '"' + key + "\": ";
  // Not std::stod: that throws at a subnormal number.
  return std::strtod(text.c_str() + text.find(quoted) + quoted.size(), nullptr);
}

}  // namespace

AggregationOptions OfSize(uint32_t max_size) {
  AggregationOptions options;
  options.kind = AggregationKind::kExponentialHistogram;
  options.max_size = max_size;
  return options;
}

ExponentialHistogram Recorded(uint32_t max_size, const std::vector<double>& values) {
  ExponentialHistogram histogram(OfSize(max_size));
  for (const double value : values) histogram.Record(value);
  return histogram;
}

std::string ModelText(uint32_t max_size, const std::vector<double>& values,
                      std::optional<double> sum) {
  return TextOf(Model(max_size, values, sum));
}

int ScaleOf(const ExponentialHistogram& histogram) {
  return static_cast<int>(NumberAfter(TextOf(histogram), "scale"));
}

double SumOf(const ExponentialHistogram& histogram) {
  return NumberAfter(TextOf(histogram), "sum");
}

double InBucket(int32_t index) { return std::exp2((index + 0.5) / 256); }

}  // namespace metrics_runtime::test
