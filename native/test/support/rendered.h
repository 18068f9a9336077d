// What a renderer makes of families that a test has at hand.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/exposition/byte_chunks.h"
#include "core/exposition/renderer.h"

namespace metrics_runtime::test {

struct TestSeries {
  std::vector<Label> labels;
  Point point;
  double created = 1.5;
};

struct TestFamily {
  Family family;
  std::vector<TestSeries> series;
};

// Takes all that there is.
inline std::string Drained(ByteChunks& chunks) {
  std::string text;
  while (chunks.size() > 0) {
    const std::span<const char> front = chunks.Front();
    text.append(front.data(), front.size());
    chunks.DropFront(front.size());
  }
  return text;
}

inline std::string Rendered(ExpositionFormat format, const std::vector<TestFamily>& families) {
  ByteChunks out;
  const std::unique_ptr<Renderer> renderer = MakeRenderer(format, out);
  for (const auto& [family, all] : families) {
    renderer->BeginFamily(family);
    for (const TestSeries& one : all) renderer->Series(one.labels, one.created, one.point);
    renderer->EndFamily();
  }
  renderer->Finish();
  return Drained(out);
}

}  // namespace metrics_runtime::test
