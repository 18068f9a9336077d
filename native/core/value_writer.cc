#include "core/value_writer.h"

#include <bit>

namespace metrics_runtime {

static_assert(std::endian::native == std::endian::little, "the decoder reads little-endian");

void ValueWriter::Null() { Put(Tag::kNull); }

void ValueWriter::Number(double value) {
  Put(Tag::kNumber);
  Put(&value, sizeof value);
}

void ValueWriter::Number(std::optional<double> value) {
  if (value.has_value()) {
    Number(*value);
  } else {
    Null();
  }
}

void ValueWriter::String(std::string_view value) {
  Put(Tag::kString);
  PutText(value);
}

void ValueWriter::Array(size_t count) {
  Put(Tag::kArray);
  PutU32(count);
}

void ValueWriter::Object(size_t count) {
  Put(Tag::kObject);
  PutU32(count);
}

void ValueWriter::Key(std::string_view key) { PutText(key); }

std::vector<std::byte> ValueWriter::Take() {
  texts_.clear();
  return std::exchange(bytes_, {});
}

void ValueWriter::Put(Tag tag) { bytes_.push_back(static_cast<std::byte>(tag)); }

void ValueWriter::Put(const void* from, size_t size) {
  const auto* bytes = static_cast<const std::byte*>(from);
  bytes_.insert(bytes_.end(), bytes, bytes + size);
}

void ValueWriter::PutU32(size_t value) {
  const auto written = static_cast<uint32_t>(value);
  Put(&written, sizeof written);
}

void ValueWriter::PutText(std::string_view text) {
  const auto known = texts_.find(text);
  if (known != texts_.end()) return PutU32(known->second);
  PutU32(texts_.size());
  PutU32(text.size());
  Put(text.data(), text.size());
  texts_.emplace(text, texts_.size());
}

}  // namespace metrics_runtime
