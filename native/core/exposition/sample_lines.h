// The lines that both text formats have in common: a name, labels, a number. What is the same for
// all lines of a series or all series of a family is put into text once and copied from then on.
//
// Use: BeginFamily, for each series BeginSeries and its lines. Threads: one at a time. Throws
// std::bad_alloc; what was written is then of no use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/exposition/byte_chunks.h"
#include "core/exposition/number_text.h"
#include "core/exposition/point.h"

namespace metrics_runtime {

class SampleLines {
 public:
  // Which characters get a backslash: those two, or quotation marks too.
  enum class Escape { kBackslashAndNewline, kQuotationMarkToo };

  SampleLines(ByteChunks& out, BoundText bound_text) : out_(out), bounds_(bound_text) {}

  // `name`: what all names of samples begin with; it lives until the next BeginFamily.
  void BeginFamily(std::string_view name) noexcept { name_ = name; }
  // "# keyword name text".
  void Metadata(std::string_view keyword, std::string_view text, Escape escape);

  void BeginSeries(std::span<const Label> labels);
  void Sample(std::string_view suffix, double value);
  // The lines of all buckets, cumulative; returns the number of values.
  double Buckets(const HistogramPoint& point);
  // One line for each quantile, but for negative values if they are left out.
  void Quantiles(const SummaryPoint& point, bool negative_too);

 private:
  // The texts of bounds, each with what follows it in its line: `0.5"} `. Those of the last call
  // stay, as all series of a family have the same bounds.
  class Bounds {
   public:
    explicit Bounds(BoundText text) : text_(text) {}
    void Set(std::span<const double> bounds);
    [[nodiscard]] std::string_view operator[](size_t i) const noexcept {
      return std::string_view(texts_).substr(begins_[i], begins_[i + 1] - begins_[i]);
    }

   private:
    BoundText text_;
    std::vector<double> bounds_;
    std::string texts_;
    std::vector<size_t> begins_{0};  // one more than bounds_
  };

  // Lets `write` write at most `most` bytes; it returns the end.
  template <typename Write>
  void Put(size_t most, Write&& write);
  // `name suffix{labels,key="`, what the lines of a series with such a label begin with.
  void SetPrefix(std::string_view suffix, std::string_view key);
  // prefix_, `bound` and the number.
  void BoundLine(std::string_view bound, double value);

  ByteChunks& out_;
  std::string_view name_;
  std::string labels_;  // a="x",b="y"
  std::string prefix_;
  Bounds bounds_;
  std::vector<char> long_line_;
};

}  // namespace metrics_runtime
