// Reads protobuf messages in the wire format, knowing nothing of what they mean.
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace metrics_runtime::test {

struct ProtobufField {
  uint32_t number = 0;
  uint64_t word = 0;         // of a varint, or the bits of a double
  std::string_view bytes{};  // of a string or a message

  [[nodiscard]] double number_value() const {
    double value;
    std::memcpy(&value, &word, sizeof value);
    return value;
  }
  [[nodiscard]] int64_t zigzag() const {
    return static_cast<int64_t>(word >> 1) ^ -static_cast<int64_t>(word & 1);
  }
};

class ProtobufReader {
 public:
  // Throws std::runtime_error for what is no message.
  explicit ProtobufReader(std::string_view message) {
    while (!message.empty()) {
      const uint64_t tag = TakeVarint(message);
      ProtobufField field{.number = static_cast<uint32_t>(tag >> 3)};
      switch (tag & 7) {
        case 0:
          field.word = TakeVarint(message);
          break;
        case 1: {
          const std::string_view bytes = Take(message, sizeof field.word);
          std::memcpy(&field.word, bytes.data(), bytes.size());
          break;
        }
        case 2: {
          const uint64_t size = TakeVarint(message);
          field.bytes = Take(message, size);
          break;
        }
        default:
          throw std::runtime_error("wire type");
      }
      fields_.push_back(field);
    }
  }

  [[nodiscard]] const std::vector<ProtobufField>& fields() const { return fields_; }
  [[nodiscard]] std::vector<ProtobufField> All(uint32_t number) const {
    std::vector<ProtobufField> found;
    for (const ProtobufField& field : fields_) {
      if (field.number == number) found.push_back(field);
    }
    return found;
  }
  // The only one; throws std::runtime_error if it is not.
  [[nodiscard]] ProtobufField One(uint32_t number) const {
    const std::vector<ProtobufField> found = All(number);
    if (found.size() != 1) throw std::runtime_error("not one field");
    return found.front();
  }
  [[nodiscard]] bool Has(uint32_t number) const { return !All(number).empty(); }

  // Removes what it returns from `bytes`.
  static uint64_t TakeVarint(std::string_view& bytes) {
    uint64_t value = 0;
    for (uint32_t shift = 0;; shift += 7) {
      const auto byte = static_cast<uint8_t>(Take(bytes, 1).front());
      value |= uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
  }
  static std::string_view Take(std::string_view& bytes, size_t size) {
    if (bytes.size() < size) throw std::runtime_error("cut off");
    const std::string_view taken = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return taken;
  }

 private:
  std::vector<ProtobufField> fields_;
};

}  // namespace metrics_runtime::test
