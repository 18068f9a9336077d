// Whole expositions: made of what recorders have, at once or in slices, and read back.
#pragma once

#include <array>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/exposition/rendering.h"
#include "support/json_reader.h"
#include "support/oracle.h"
#include "support/protobuf_reader.h"
#include "support/text_reader.h"

namespace metrics_runtime::fuzz {

inline constexpr std::array kFormats = {
    ExpositionFormat::kPrometheusText, ExpositionFormat::kOpenMetrics,
    ExpositionFormat::kPrometheusProtobuf, ExpositionFormat::kJson};

enum class Steps { kOne, kMany };

[[nodiscard]] inline std::string RenderedText(ExpositionFormat format, bool gzip,
                                              std::vector<RenderedRecorder> recorders,
                                              Steps steps = Steps::kOne) {
  using Clock = Rendering::Clock;
  Rendering rendering(format, gzip, std::move(recorders),
                      [](const RenderedRecorder*) { return std::vector<RenderedNumber>(); });
  const Clock::time_point until =
      steps == Steps::kOne ? Clock::time_point::max() : Clock::time_point::min();
  while (!rendering.Step(until)) {
  }
  const RenderedBytes bytes = rendering.Take();
  return {bytes.bytes.get(), bytes.size};
}

// The messages of a delimited exposition. Throws std::runtime_error.
[[nodiscard]] inline std::vector<std::string_view> DelimitedMessages(std::string_view bytes) {
  std::vector<std::string_view> messages;
  while (!bytes.empty()) {
    const uint64_t size = test::ProtobufReader::TakeVarint(bytes);
    messages.push_back(test::ProtobufReader::Take(bytes, size));
  }
  return messages;
}

// Families, their metrics, and what those are made of: the fields of metrics.proto that are
// messages. Throws std::runtime_error.
inline void ReadFamilies(std::string_view bytes) {
  constexpr uint32_t kFamilyMetric = 4;
  for (const std::string_view message : DelimitedMessages(bytes)) {
    for (const test::ProtobufField& metric : test::ProtobufReader(message).All(kFamilyMetric)) {
      const test::ProtobufReader parts(metric.bytes);
      for (const test::ProtobufField& part : parts.fields()) {
        (void)test::ProtobufReader(part.bytes);
      }
    }
  }
}

// By the format's own rules.
inline void RequireReadable(ExpositionFormat format, std::string_view text) {
  try {
    switch (format) {
      case ExpositionFormat::kPrometheusText:
        (void)TextReader::Read(text, false);
        return;
      case ExpositionFormat::kOpenMetrics:
        (void)TextReader::Read(text, true);
        return;
      case ExpositionFormat::kPrometheusProtobuf:
        return ReadFamilies(text);
      case ExpositionFormat::kJson:
        (void)JsonReader::Read(text);
        return;
    }
  } catch (const std::exception& error) {
    constexpr std::array kNames = {"Prometheus text", "OpenMetrics", "protobuf", "JSON"};
    const std::string what = std::string("an exposition that is no ") +
                             kNames[static_cast<size_t>(format)] + ": " + error.what();
    Require(false, what.c_str());
  }
}

// What these recorders have can be read in that format.
inline void RequireReadable(ExpositionFormat format, std::vector<RenderedRecorder> recorders) {
  const std::string text = RenderedText(format, false, std::move(recorders));
  RequireReadable(format, text);
}

}  // namespace metrics_runtime::fuzz
