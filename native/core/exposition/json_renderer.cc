#include "core/exposition/json_renderer.h"

#include <cmath>
#include <limits>
#include <numeric>

#include "core/exposition/number_text.h"
#include "core/exposition/type_name.h"

namespace metrics_runtime {

namespace {

double Total(std::span<const double> counts) noexcept {
  return std::accumulate(counts.begin(), counts.end(), 0.0);
}

}  // namespace

void JsonRenderer::BeginFamily(const Family& family) {
  text_ += has_family_ ? ",{\"name\":" : "{\"families\":[{\"name\":";
  has_family_ = true;
  has_series_ = false;
  String(family.name);
  text_ += ",\"type\":";
  String(TypeName(family.type));
  text_ += ",\"help\":";
  String(family.help);
  text_ += ",\"unit\":";
  String(family.unit);
  text_ += ",\"series\":[";
  Flush();
}

size_t JsonRenderer::Series(std::span<const Label> labels, double created, const Point& point) {
  text_ += has_series_ ? ",{\"labels\":{" : "{\"labels\":{";
  has_series_ = true;
  for (const Label& label : labels) {
    if (text_.back() != '{') text_ += ',';
    String(label.name);
    text_ += ':';
    String(label.value);
  }
  text_ += '}';
  Field("created", created);
  text_ += ",\"value\":";
  std::visit([this](const auto& one) { Write(one); }, point);
  text_ += '}';
  const size_t bytes = text_.size();
  Flush();
  return bytes;
}

void JsonRenderer::EndFamily() { out_.Append("]}"); }

void JsonRenderer::Finish() { out_.Append(has_family_ ? "]}" : "{\"families\":[]}"); }

void JsonRenderer::Write(const HistogramPoint& point) {
  text_ += "{\"count\":";
  Number(Total(point.counts));
  Field("sum", point.sum);
  text_ += ",\"buckets\":[";
  for (size_t i = 0; i < point.counts.size(); ++i) {
    text_ += i == 0 ? "{\"le\":" : ",{\"le\":";
    Number(i < point.bounds.size() ? point.bounds[i] : std::numeric_limits<double>::infinity());
    Field("count", point.counts[i]);
    text_ += '}';
  }
  text_ += "]}";
}

void JsonRenderer::Write(const ExponentialPoint& point) {
  text_ += "{\"count\":";
  Number(point.zero_count + Total(point.positive.counts) + Total(point.negative.counts));
  Field("sum", point.sum);
  Field("scale", point.scale);
  Field("zeroCount", point.zero_count);
  Side("positive", point.positive);
  Side("negative", point.negative);
  text_ += '}';
}

void JsonRenderer::Write(const SummaryPoint& point) {
  text_ += "{\"count\":";
  Number(point.count);
  Field("sum", point.sum);
  text_ += ",\"quantiles\":{";
  for (size_t i = 0; i < point.quantiles.size(); ++i) {
    text_ += i == 0 ? "\"" : ",\"";
    char text[kMostNumberText];
    text_.append(text, WriteNumber(text, point.quantiles[i]));
    text_ += "\":";
    Number(point.values[i]);
  }
  text_ += "}}";
}

void JsonRenderer::Side(std::string_view key, const ExponentialPoint::Side& side) {
  text_ += ",\"";
  text_ += key;
  text_ += "\":{\"offset\":";
  Number(side.offset);
  text_ += ",\"counts\":[";
  for (size_t i = 0; i < side.counts.size(); ++i) {
    if (i > 0) text_ += ',';
    Number(side.counts[i]);
  }
  text_ += "]}";
}

void JsonRenderer::Field(std::string_view key, double value) {
  text_ += ",\"";
  text_ += key;
  text_ += "\":";
  Number(value);
}

void JsonRenderer::Number(double value) {
  char text[kMostNumberText];
  const size_t size = static_cast<size_t>(WriteNumber(text, value) - text);
  if (!std::isfinite(value)) text_ += '"';
  text_.append(text, size);
  if (!std::isfinite(value)) text_ += '"';
}

void JsonRenderer::String(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  text_ += '"';
  size_t written = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') [[likely]] {
      continue;
    }
    text_.append(text, written, i - written);
    written = i + 1;
    text_ += '\\';
    if (c >= 0x20) {
      text_ += text[i];
    } else {
      text_ += "u00";
      text_ += kDigits[c >> 4];
      text_ += kDigits[c & 0xf];
    }
  }
  text_.append(text, written);
  text_ += '"';
}

void JsonRenderer::Flush() {
  out_.Append(text_);
  text_.clear();
}

}  // namespace metrics_runtime
