// Reads JSON (RFC 8259) as strictly as the grammar has it, and keeps what the renderers' oracles
// ask for: members, items, texts, numbers. Strings are bytes; escapes other than \uXXXX below 0x20,
// \" and \\, which is what our renderer writes, are refused.
#pragma once

#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace metrics_runtime::fuzz {

struct Json {
  enum class Kind { kString, kNumber, kArray, kObject };

  Kind kind = Kind::kNumber;
  double number = 0;
  std::string text{};
  std::vector<Json> items{};
  std::vector<std::pair<std::string, Json>> members{};

  // Throws std::out_of_range.
  [[nodiscard]] const Json& at(std::string_view name) const {
    for (const auto& [key, value] : members) {
      if (key == name) return value;
    }
    throw std::out_of_range("no such member");
  }
};

class JsonReader {
 public:
  // Throws std::runtime_error for what is not one value and nothing else.
  [[nodiscard]] static Json Read(std::string_view text) {
    JsonReader reader(text);
    Json value = reader.Value();
    if (!reader.rest_.empty()) Fail();
    return value;
  }

 private:
  explicit JsonReader(std::string_view text) : rest_(text) {}

  [[noreturn]] static void Fail() { throw std::runtime_error("not JSON"); }
  [[nodiscard]] bool Skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void Take(char c) {
    if (!Skip(c)) Fail();
  }
  char TakeAny() {
    if (rest_.empty()) Fail();
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  Json Value() {
    if (rest_.starts_with('"')) return {.kind = Json::Kind::kString, .text = String()};
    if (Skip('[')) return Array();
    if (Skip('{')) return Object();
    return Number();
  }

  Json Array() {
    Json array{.kind = Json::Kind::kArray};
    if (Skip(']')) return array;
    do {
      array.items.push_back(Value());
    } while (Skip(','));
    Take(']');
    return array;
  }

  Json Object() {
    Json object{.kind = Json::Kind::kObject};
    if (Skip('}')) return object;
    do {
      std::string name = String();
      Take(':');
      object.members.emplace_back(std::move(name), Value());
    } while (Skip(','));
    Take('}');
    return object;
  }

  // -? (0 | [1-9][0-9]*) (. [0-9]+)? (e [+-]? [0-9]+)?
  Json Number() {
    const std::string_view begin = rest_;
    (void)Skip('-');
    if (!Skip('0')) Digits();
    if (Skip('.')) Digits();
    if (Skip('e') || Skip('E')) {
      if (!Skip('+')) (void)Skip('-');
      Digits();
    }
    Json number;
    const char* const end = rest_.data();
    if (std::from_chars(begin.data(), end, number.number).ptr != end) Fail();
    return number;
  }
  void Digits() {
    const auto is_digit = [this] {
      return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
    };
    if (!is_digit()) Fail();
    while (is_digit()) rest_.remove_prefix(1);
  }

  std::string String() {
    Take('"');
    std::string text;
    for (char c = TakeAny(); c != '"'; c = TakeAny()) {
      if (static_cast<unsigned char>(c) < 0x20) Fail();
      text += c == '\\' ? Escaped() : c;
    }
    return text;
  }
  char Escaped() {
    const char c = TakeAny();
    if (c == '"' || c == '\\') return c;
    if (c != 'u' || rest_.size() < 4) Fail();
    uint32_t code = 0;
    const char* const end = rest_.data() + 4;
    if (std::from_chars(rest_.data(), end, code, 16).ptr != end || code >= 0x20) Fail();
    rest_.remove_prefix(4);
    return static_cast<char>(code);
  }

  std::string_view rest_;
};

}  // namespace metrics_runtime::fuzz
