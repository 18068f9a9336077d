#include "support/value_text.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace metrics_runtime::test {

namespace {

class Reader {
 public:
  explicit Reader(const std::vector<std::byte>& bytes) : bytes_(bytes) {}

  std::string Value() {
    switch (Take<uint8_t>()) {
      case 0:
        return "null";
      case 1:
        return Number(Take<double>());
      case 2:
        return Text();
      case 3:
        return List("[", "]", [this] { return Value(); });
      case 4:
        return List("{", "}", [this] {
          const std::string key = Text();
          return key + ": " + Value();
        });
      default:
        return "malformed";
    }
  }
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }

 private:
  template <typename T>
  T Take() {
    T value{};
    if (bytes_.size() - at_ < sizeof value) {
      at_ = bytes_.size();
      return static_cast<T>(-1);
    }
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

  static std::string Number(double value) {
    std::array<char, 32> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return std::string(text.data(), end);
  }

  std::string Text() {
    const auto number = Take<uint32_t>();
    if (number < texts_.size()) return texts_[number];
    if (number > texts_.size()) return "malformed";
    const auto length = Take<uint32_t>();
    if (bytes_.size() - at_ < length) return "malformed";
    const auto* begin = reinterpret_cast<const char*>(bytes_.data() + at_);
    at_ += length;
    return texts_.emplace_back('"' + std::string(begin, length) + '"');
  }

  template <typename Item>
  std::string List(const char* open, const char* close, Item&& item) {
    const auto count = Take<uint32_t>();
    std::string text = open;
    for (uint32_t i = 0; i < count && !at_end(); ++i) {
      if (i > 0) text += ", ";
      text += item();
    }
    return text + close;
  }

  const std::vector<std::byte>& bytes_;
  size_t at_ = 0;
  std::vector<std::string> texts_;
};

}  // namespace

std::string ValueText(const std::vector<std::byte>& bytes) {
  Reader reader(bytes);
  std::string text = reader.Value();
  return reader.at_end() ? text : text + " and more";
}

}  // namespace metrics_runtime::test
