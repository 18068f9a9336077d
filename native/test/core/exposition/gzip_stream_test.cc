#include "core/exposition/gzip_stream.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "support/inflated.h"
#include "support/rendered.h"

namespace metrics_runtime::test {

namespace {

std::string Compressed(std::string_view text, size_t piece_bytes) {
  ByteChunks out;
  GzipStream gzip(out);
  for (; !text.empty(); text.remove_prefix(std::min(piece_bytes, text.size()))) {
    gzip.Write(text.substr(0, piece_bytes));
  }
  gzip.Finish();
  return Drained(out);
}

std::string Exposition(size_t lines) {
  std::string text;
  for (size_t i = 0; i < lines; ++i) {
    text += "app_requests_total{route=\"/item/" + std::to_string(i % 1'000) + "\",code=\"200\"} " +
            std::to_string(i * i % 7'919) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("gzip stream: what was written comes out again whatever the pieces") {
  const std::string text = Exposition(20'000);
  for (const size_t piece : {size_t{1} << 14, size_t{1'000}, size_t{1} << 20, text.size()}) {
    const std::string compressed = Compressed(text, piece);
    CHECK(compressed.size() < text.size() / 4);
    CHECK(Inflated(compressed) == text);
  }
  const std::string start = text.substr(0, 1'000);
  CHECK(Inflated(Compressed(start, 1)) == start);
}

TEST_CASE("gzip stream: nothing is a member too") {
  CHECK(Inflated(Compressed("", 1)).empty());
  ByteChunks out;
  GzipStream gzip(out);
  gzip.Write("");
  gzip.Finish();
  CHECK(Inflated(Drained(out)).empty());
}

TEST_CASE("gzip stream: what cannot be compressed") {
  std::mt19937_64 random(1);
  std::string text(1'000'000, '\0');
  for (char& c : text) c = static_cast<char>(random());
  const std::string compressed = Compressed(text, size_t{1} << 14);
  CHECK(compressed.size() < text.size() + text.size() / 500);
  CHECK(Inflated(compressed) == text);
}

TEST_CASE("gzip stream: output can be taken while it is written") {
  const std::string text = Exposition(20'000);
  ByteChunks out;
  GzipStream gzip(out);
  std::string compressed;
  for (size_t i = 0; i < text.size(); i += 5'000) {
    gzip.Write(std::string_view(text).substr(i, 5'000));
    compressed += Drained(out);
  }
  gzip.Finish();
  CHECK(Inflated(compressed + Drained(out)) == text);
}

TEST_CASE("gzip stream: one that is left unfinished is freed") {
  ByteChunks out;
  GzipStream gzip(out);
  gzip.Write("abc");
}

}  // namespace metrics_runtime::test
