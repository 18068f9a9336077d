// Writes plain data (null, numbers, strings, arrays, objects) as one run of bytes that JavaScript
// decodes: src/native/value-decoder.ts is the other end. A snapshot crosses the boundary as bytes,
// so that reading many series costs the JavaScript thread one call and what it chooses to decode.
//
//   value  := null | number | string | array | object
//   null   := 0x00
//   number := 0x01 f64
//   string := 0x02 text
//   array  := 0x03 u32 count, count values
//   object := 0x04 u32 count, count times (text, value)
//   text   := u32 number; where no text before has that number: u32 length, UTF-8 bytes
//
// Texts are numbered from 0 as they come, and a text that comes again is its number alone: many
// series share few keys and labels, and making a string is what costs the decoder most. Numbers are
// little-endian and unaligned. Not thread-safe; throws std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/process_secret.h"

namespace metrics_runtime {

class ValueWriter {
 public:
  void Null();
  void Number(double value);
  void Number(std::optional<double> value);
  void String(std::string_view value);
  // Followed by `count` values.
  void Array(size_t count);
  // Followed by `count` times Key and a value.
  void Object(size_t count);
  void Key(std::string_view key);

  // What was written; then it begins anew.
  [[nodiscard]] std::vector<std::byte> Take();

 private:
  enum class Tag : uint8_t { kNull = 0, kNumber = 1, kString = 2, kArray = 3, kObject = 4 };

  void Put(Tag tag);
  void Put(const void* from, size_t size);
  void PutU32(size_t value);
  void PutText(std::string_view text);

  std::vector<std::byte> bytes_;
  std::unordered_map<std::string, size_t, SecretTextHash, std::equal_to<>>
      texts_;  // to their numbers
};

}  // namespace metrics_runtime
