// Compresses bytes as they come: one gzip member (RFC 1952), by the zlib in native/third_party.
//
// Threads: one at a time. Throws std::bad_alloc, when made for the 170 KiB that it keeps, and then
// when `out` has no memory: what was written is of no use.
#pragma once

#include <memory>
#include <string_view>

#include "core/exposition/byte_chunks.h"

struct z_stream_s;

namespace metrics_runtime {

class GzipStream {
 public:
  // `out` outlives it.
  explicit GzipStream(ByteChunks& out);

  // 16 KiB of an exposition take less than 0.2 ms (see kLevel).
  void Write(std::string_view bytes);
  // Once, at last.
  void Finish();

 private:
  struct End {
    void operator()(z_stream_s* stream) const noexcept;
  };

  void Deflate(std::string_view bytes, int flush);

  ByteChunks& out_;
  std::unique_ptr<z_stream_s, End> stream_;
};

}  // namespace metrics_runtime
