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
  Key(value);
}

void ValueWriter::Array(size_t count) {
  Put(Tag::kArray);
  PutLength(count);
}

void ValueWriter::Object(size_t count) {
  Put(Tag::kObject);
  PutLength(count);
}

void ValueWriter::Key(std::string_view key) {
  PutLength(key.size());
  Put(key.data(), key.size());
}

void ValueWriter::Put(Tag tag) { bytes_.push_back(static_cast<std::byte>(tag)); }

void ValueWriter::Put(const void* from, size_t size) {
  const auto* bytes = static_cast<const std::byte*>(from);
  bytes_.insert(bytes_.end(), bytes, bytes + size);
}

void ValueWriter::PutLength(size_t length) {
  const auto written = static_cast<uint32_t>(length);
  Put(&written, sizeof written);
}

}  // namespace metrics_runtime
