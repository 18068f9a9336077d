// Reads either text format line by line, by the rules that every reader of it has: comments with
// their keywords, samples with a name, labels in quotes, a number. What is none throws
// std::runtime_error.
#pragma once

#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace metrics_runtime::fuzz {

struct TextSample {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;  // escapes undone
  double value = 0;
};

struct TextComment {
  std::string keyword;
  std::string name;
  std::string text;  // escapes undone
};

struct TextExposition {
  std::vector<TextComment> comments;
  std::vector<TextSample> samples;
};

class TextReader {
 public:
  // `open_metrics`: "# EOF" is the last line, and a HELP text escapes quotation marks too.
  [[nodiscard]] static TextExposition Read(std::string_view text, bool open_metrics) {
    TextExposition exposition;
    if (open_metrics) {
      constexpr std::string_view kEnd = "# EOF\n";
      if (!text.ends_with(kEnd)) Fail("no EOF at the end");
      text.remove_suffix(kEnd.size());
    }
    while (!text.empty()) {
      const size_t end = text.find('\n');
      if (end == std::string_view::npos) Fail("a line without an end");
      TextReader line(text.substr(0, end), open_metrics);
      text.remove_prefix(end + 1);
      if (line.rest_.starts_with('#')) {
        exposition.comments.push_back(line.Comment());
      } else {
        exposition.samples.push_back(line.Sample());
      }
    }
    return exposition;
  }

 private:
  TextReader(std::string_view line, bool open_metrics) : rest_(line), open_metrics_(open_metrics) {}

  [[noreturn]] static void Fail(const char* what) { throw std::runtime_error(what); }

  void Take(std::string_view expected) {
    if (!rest_.starts_with(expected)) Fail("a line that is neither a comment nor a sample");
    rest_.remove_prefix(expected.size());
  }
  std::string Name() {
    size_t size = 0;
    const auto is_part = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    };
    while (size < rest_.size() && is_part(rest_[size])) ++size;
    const std::string name(rest_.substr(0, size));
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) {
      Fail("a name that is not legal");
    }
    rest_.remove_prefix(size);
    return name;
  }
  // Up to `end`, which goes as well; or, without one, to the end of the line.
  std::string Escaped(bool quoted) {
    const bool quotation_marks = quoted || open_metrics_;
    std::string text;
    for (size_t i = 0; i < rest_.size(); ++i) {
      if (quotation_marks && rest_[i] == '"') {
        if (!quoted) Fail("a quotation mark that is not escaped");
        rest_.remove_prefix(i + 1);
        return text;
      }
      if (rest_[i] != '\\') {
        text += rest_[i];
        continue;
      }
      const char c = ++i < rest_.size() ? rest_[i] : ' ';
      if (c != 'n' && c != '\\' && !(quotation_marks && c == '"')) Fail("an unknown escape");
      text += c == 'n' ? '\n' : c;
    }
    if (quoted) Fail("a label value without an end");
    return text;
  }

  TextComment Comment() {
    Take("# ");
    TextComment comment{.keyword = Name()};
    Take(" ");
    comment.name = Name();
    Take(" ");
    comment.text = Escaped(false);
    return comment;
  }

  TextSample Sample() {
    TextSample sample{.name = Name()};
    if (rest_.starts_with('{')) {
      do {
        rest_.remove_prefix(1);  // '{' or ','
        std::string name = Name();
        Take("=\"");
        sample.labels.emplace_back(std::move(name), Escaped(true));
      } while (rest_.starts_with(','));
      Take("}");
    }
    Take(" ");
    sample.value = Number();
    return sample;
  }
  [[nodiscard]] double Number() const {
    if (rest_ == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (rest_ == "+Inf") return std::numeric_limits<double>::infinity();
    if (rest_ == "-Inf") return -std::numeric_limits<double>::infinity();
    double value = 0;
    const char* const end = rest_.data() + rest_.size();
    if (std::from_chars(rest_.data(), end, value).ptr != end || !std::isfinite(value)) {
      Fail("a number that is none");
    }
    return value;
  }

  std::string_view rest_;
  const bool open_metrics_;
};

}  // namespace metrics_runtime::fuzz
