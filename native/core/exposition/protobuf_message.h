// One protobuf message in the wire format (protobuf.dev, "Encoding"), field by field. Its memory
// stays for the next one. Threads: one at a time. Throws std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace metrics_runtime {

class ProtobufMessage {
 public:
  static constexpr size_t kMostVarint = 10;
  // Returns the end.
  static char* WriteVarint(char* to, uint64_t value) noexcept;

  void Clear() noexcept { size_ = 0; }
  [[nodiscard]] std::string_view bytes() const noexcept { return {bytes_.data(), size_}; }

  // uint32, uint64, and int32, int64 and enums that are not negative.
  void Varint(uint32_t field, uint64_t value);
  // sint32 and sint64.
  void Zigzag(uint32_t field, int64_t value);
  void Double(uint32_t field, double value);
  // A string or a message.
  void Bytes(uint32_t field, std::string_view bytes);

 private:
  enum class WireType : uint32_t { kVarint = 0, k64Bits = 1, kLengthDelimited = 2 };

  // Room for a tag and `most` bytes; writes the tag.
  char* Begin(uint32_t field, WireType type, size_t most);
  void End(const char* end) noexcept { size_ = static_cast<size_t>(end - bytes_.data()); }

  std::vector<char> bytes_;  // as far as they have ever been written
  size_t size_ = 0;
};

}  // namespace metrics_runtime
