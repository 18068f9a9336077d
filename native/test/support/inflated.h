// What the system's zlib makes of a gzip member.
#pragma once

#include <zlib.h>

#include <string>

namespace metrics_runtime::test {

// "malformed" if it is not one member and nothing else.
inline std::string Inflated(std::string compressed) {
  constexpr int kGzipAlone = 16;
  z_stream stream{};
  if (inflateInit2(&stream, MAX_WBITS + kGzipAlone) != Z_OK) return "no memory";
  stream.next_in = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::string text;
  int result = Z_OK;
  while (result == Z_OK) {
    char piece[10'000];
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    result = inflate(&stream, Z_NO_FLUSH);
    text.append(piece, sizeof piece - stream.avail_out);
  }
  const bool is_all = result == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  return is_all ? text : "malformed";
}

}  // namespace metrics_runtime::test
