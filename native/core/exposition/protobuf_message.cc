#include "core/exposition/protobuf_message.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace metrics_runtime {

static_assert(std::endian::native == std::endian::little, "doubles are little-endian on the wire");

char* ProtobufMessage::WriteVarint(char* to, uint64_t value) noexcept {
  constexpr uint64_t kMore = 0x80;
  for (; value >= kMore; value >>= 7) *to++ = static_cast<char>(value | kMore);
  *to++ = static_cast<char>(value);
  return to;
}

char* ProtobufMessage::Begin(uint32_t field, WireType type, size_t most) {
  most += kMostVarint;
  if (bytes_.size() - size_ < most) bytes_.resize(std::max(bytes_.size() * 2, size_ + most));
  return WriteVarint(bytes_.data() + size_, field << 3 | static_cast<uint32_t>(type));
}

void ProtobufMessage::Varint(uint32_t field, uint64_t value) {
  End(WriteVarint(Begin(field, WireType::kVarint, kMostVarint), value));
}

void ProtobufMessage::Zigzag(uint32_t field, int64_t value) {
  Varint(field, static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63));
}

void ProtobufMessage::Double(uint32_t field, double value) {
  char* const to = Begin(field, WireType::k64Bits, sizeof value);
  std::memcpy(to, &value, sizeof value);
  End(to + sizeof value);
}

void ProtobufMessage::Bytes(uint32_t field, std::string_view bytes) {
  char* to = Begin(field, WireType::kLengthDelimited, kMostVarint + bytes.size());
  to = WriteVarint(to, bytes.size());
  End(to + bytes.copy(to, bytes.size()));
}

}  // namespace metrics_runtime
