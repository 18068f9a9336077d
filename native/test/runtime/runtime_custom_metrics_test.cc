// The places of metrics that run in JavaScript threads.
#include <doctest/doctest.h>

#include <cstddef>
#include <variant>
#include <vector>

#include "support/reading_threads.h"

namespace metrics_runtime::test {

TEST_CASE(
    "runtime custom metrics: each thread has a place for its metric and loses it when it ends") {
  ReadByTwo read;
  const auto seen_by = [&](const void* thread) {
    const auto bytes = read.runtime.Snapshots(read.recorder, thread);
    REQUIRE(Succeeded(bytes));
    return ValueText(std::get<std::vector<std::byte>>(bytes));
  };
  REQUIRE_FALSE(read.two.Register("more").has_value());
  const void* const one = read.one.identity();
  CHECK(seen_by(one) == "{\"custom\": null, \"m\": {\"total\": 0}}");
  CHECK(seen_by(read.two.identity()) ==
        "{\"custom\": null, \"m\": {\"total\": 0}, \"more\": null}");
  CHECK(seen_by(nullptr) == "{\"m\": {\"total\": 0}}");
  read.one.End();
  CHECK(seen_by(one) == "{\"m\": {\"total\": 0}}");
  CHECK_FALSE(read.runtime.StopRecorder("a").has_value());
  CHECK(Has(read.two.Register("late"), Failure::Kind::kRecorderState));
}

TEST_CASE("runtime custom metrics: none gets a place in a runtime that has closed") {
  ReadByTwo read;
  REQUIRE_FALSE(read.runtime.Shutdown().has_value());
  CHECK(read.one.Register("late").has_value());
  CHECK(read.running.Snapshots(read.recorder) == "{\"m\": {\"total\": 0}}");
}

TEST_CASE("runtime custom metrics: a signal is for the thread of the metric and no other") {
  ReadByTwo read;
  read.one.Offer(1);
  read.runtime.Flush();
  CHECK(*read.one.signals > 0);
  CHECK(*read.two.signals == 0);
  CHECK(read.one.Handle() == 1);
}

}  // namespace metrics_runtime::test
