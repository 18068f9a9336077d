#include "core/exposition/sample_lines.h"

#include <algorithm>

namespace metrics_runtime {

namespace {

void AppendEscaped(std::string& to, std::string_view text, SampleLines::Escape escape) {
  const char quotation_mark = escape == SampleLines::Escape::kQuotationMarkToo ? '"' : '\\';
  size_t written = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '\\' && c != '\n' && c != quotation_mark) [[likely]] {
      continue;
    }
    to.append(text, written, i - written);
    to += '\\';
    to += c == '\n' ? 'n' : c;
    written = i + 1;
  }
  to.append(text, written);
}

}  // namespace

void SampleLines::Bounds::Set(std::span<const double> bounds) {
  if (std::ranges::equal(bounds_, bounds)) return;
  bounds_.assign(bounds.begin(), bounds.end());
  texts_.clear();
  begins_.assign(1, 0);
  for (const double bound : bounds_) {
    char text[kMostNumberText];
    texts_.append(text, WriteBound(text, bound, text_));
    texts_ += "\"} ";
    begins_.push_back(texts_.size());
  }
}

template <typename Write>
void SampleLines::Put(size_t most, Write&& write) {
  if (most <= ByteChunks::kChunkBytes) [[likely]] {
    char* const to = out_.Reserve(most);
    out_.Commit(static_cast<size_t>(write(to) - to));
    return;
  }
  long_line_.resize(std::max(most, long_line_.size()));
  const char* const end = write(long_line_.data());
  out_.Append({long_line_.data(), static_cast<size_t>(end - long_line_.data())});
}

void SampleLines::Metadata(std::string_view keyword, std::string_view text, Escape escape) {
  prefix_ = "# ";
  prefix_ += keyword;
  prefix_ += ' ';
  prefix_ += name_;
  prefix_ += ' ';
  AppendEscaped(prefix_, text, escape);
  prefix_ += '\n';
  out_.Append(prefix_);
}

void SampleLines::BeginSeries(std::span<const Label> labels) {
  labels_.clear();
  for (const Label& label : labels) {
    if (!labels_.empty()) labels_ += ',';
    labels_ += label.name;
    labels_ += "=\"";
    AppendEscaped(labels_, label.value, Escape::kQuotationMarkToo);
    labels_ += '"';
  }
}

void SampleLines::Sample(std::string_view suffix, double value) {
  constexpr size_t kPunctuation = 4;
  const size_t most =
      name_.size() + suffix.size() + labels_.size() + kPunctuation + kMostNumberText;
  Put(most, [&](char* to) {
    to = CopyText(CopyText(to, name_), suffix);
    if (!labels_.empty()) {
      *to++ = '{';
      to = CopyText(to, labels_);
      *to++ = '}';
    }
    *to++ = ' ';
    to = WriteNumber(to, value);
    *to++ = '\n';
    return to;
  });
}

double SampleLines::Buckets(const HistogramPoint& point) {
  bounds_.Set(point.bounds);
  SetPrefix("_bucket", "le");
  double count = 0;
  for (size_t i = 0; i < point.bounds.size(); ++i) {
    count += point.counts[i];
    BoundLine(bounds_[i], count);
  }
  count += point.counts[point.bounds.size()];
  BoundLine("+Inf\"} ", count);
  return count;
}

void SampleLines::Quantiles(const SummaryPoint& point, bool negative_too) {
  bounds_.Set(point.quantiles);
  SetPrefix("", "quantile");
  for (size_t i = 0; i < point.quantiles.size(); ++i) {
    if (point.values[i] < 0 && !negative_too) continue;
    BoundLine(bounds_[i], point.values[i]);
  }
}

void SampleLines::SetPrefix(std::string_view suffix, std::string_view key) {
  prefix_ = name_;
  prefix_ += suffix;
  prefix_ += '{';
  if (!labels_.empty()) {
    prefix_ += labels_;
    prefix_ += ',';
  }
  prefix_ += key;
  prefix_ += "=\"";
}

void SampleLines::BoundLine(std::string_view bound, double value) {
  Put(prefix_.size() + bound.size() + kMostNumberText + 1, [&](char* to) {
    to = WriteNumber(CopyText(CopyText(to, prefix_), bound), value);
    *to++ = '\n';
    return to;
  });
}

}  // namespace metrics_runtime
