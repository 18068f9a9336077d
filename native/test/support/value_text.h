// The other end of ValueWriter as text, so that a test compares a whole snapshot in one line:
// {"total": 2, "mean": null}. The number of decimals is that of std::to_chars, the shortest.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/value_writer.h"

namespace metrics_runtime::test {

// "malformed" at the place where `bytes` are not what ValueWriter's header describes.
[[nodiscard]] std::string ValueText(const std::vector<std::byte>& bytes);

// The text of what `write` writes.
template <typename Write>
[[nodiscard]] std::string WrittenText(Write&& write) {
  ValueWriter writer;
  write(writer);
  return ValueText(writer.Take());
}

// The text of what has a Write(ValueWriter&), as each aggregation.
template <typename Writes>
[[nodiscard]] std::string TextOf(Writes&& writes) {
  return WrittenText([&](ValueWriter& writer) { writes.Write(writer); });
}

}  // namespace metrics_runtime::test
