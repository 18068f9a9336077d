// The places of metrics that run in JavaScript threads, among those that are declared.
#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "core/metric_set.h"
#include "support/fields.h"
#include "support/refused_memory.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

// Two threads, and a set in which they have places.
struct SharedSet {
  using Thread = int;

  void Custom(const char* name, const Thread& thread) {
    set.Register({.name = name, .thread = &thread}, classes.strings());
  }
  void Declared(const char* name, std::string fingerprint = "") {
    set.Register({.name = name,
                  .fingerprint = std::move(fingerprint),
                  .dimensions = {{.name = "n", .sources = {{.event_class = &tick}}}}},
                 classes.strings());
  }
  void Tick() {
    alignas(8) const std::array<std::byte, 16> record{};
    REQUIRE(set.Dispatch(tick, EventRecord(record.data())) == nullptr);
  }
  [[nodiscard]] std::string For(const Thread* thread) const { return Of(set, thread); }
  static std::string Of(const MetricSet& set, const Thread* thread) {
    return WrittenText([&](ValueWriter& writer) { set.Write(writer, thread); });
  }

  EventClassRegistry classes;
  const EventClass& tick = Registered(classes, "tick", Float64s(1));
  Thread one = 1;
  Thread two = 2;
  MetricSet set;
};

}  // namespace

TEST_CASE("metric set: each thread has its own names and sees no one else's") {
  SharedSet shared;
  shared.Custom("x", shared.one);
  shared.Declared("d");
  shared.Custom("y", shared.two);
  shared.Custom("x", shared.two);
  CHECK(shared.For(nullptr) == "{\"d\": {\"n\": 0}}");
  CHECK(shared.For(&shared.one) == "{\"x\": null, \"d\": {\"n\": 0}}");
  CHECK(shared.For(&shared.two) == "{\"d\": {\"n\": 0}, \"y\": null, \"x\": null}");
}

TEST_CASE("metric set: a declared metric replaces those of every thread in the first one's place") {
  SharedSet shared;
  shared.Custom("x", shared.two);
  shared.Custom("a", shared.one);
  shared.Custom("x", shared.one);
  shared.Custom("b", shared.two);
  shared.Declared("x");
  shared.Tick();
  CHECK(shared.For(nullptr) == "{\"x\": {\"n\": 1}}");
  CHECK(shared.For(&shared.one) == "{\"x\": {\"n\": 1}, \"a\": null}");
  CHECK(shared.For(&shared.two) == "{\"x\": {\"n\": 1}, \"b\": null}");
}

TEST_CASE("metric set: a custom metric replaces a declared one in its place which counts no more") {
  SharedSet shared;
  shared.Declared("a");
  shared.Declared("x");
  shared.Declared("b");
  shared.Tick();
  shared.Custom("x", shared.one);
  shared.Tick();
  CHECK(shared.For(&shared.one) == "{\"a\": {\"n\": 2}, \"x\": null, \"b\": {\"n\": 2}}");
  CHECK(shared.For(&shared.two) == "{\"a\": {\"n\": 2}, \"b\": {\"n\": 2}}");
  shared.Declared("x");
  shared.Tick();
  CHECK(shared.For(nullptr) == "{\"a\": {\"n\": 3}, \"x\": {\"n\": 1}, \"b\": {\"n\": 3}}");
}

TEST_CASE("metric set: a custom metric registered again keeps its place and others theirs") {
  SharedSet shared;
  shared.Custom("x", shared.one);
  shared.Custom("x", shared.two);
  shared.Custom("y", shared.one);
  shared.Custom("y", shared.two);
  shared.Custom("x", shared.two);
  shared.Custom("x", shared.one);
  for (const auto* thread : {&shared.one, &shared.two}) {
    CHECK(shared.For(thread) == "{\"x\": null, \"y\": null}");
  }
}

TEST_CASE("metric set: forgets the metrics of one thread and keeps all others with their state") {
  SharedSet shared;
  shared.Custom("x", shared.one);
  shared.Declared("d");
  shared.Custom("x", shared.two);
  shared.Custom("y", shared.one);
  shared.Tick();
  shared.set.Forget(nullptr);
  CHECK(shared.For(&shared.one) == "{\"x\": null, \"d\": {\"n\": 1}, \"y\": null}");
  shared.set.Forget(&shared.one);
  shared.Tick();
  CHECK(shared.For(&shared.one) == "{\"d\": {\"n\": 2}}");
  CHECK(shared.For(&shared.two) == "{\"d\": {\"n\": 2}, \"x\": null}");
  shared.set.Forget(&shared.one);
  shared.Custom("x", shared.one);
  CHECK(shared.For(&shared.one) == "{\"d\": {\"n\": 2}, \"x\": null}");
}

TEST_CASE("metric set: a copy has the custom metrics and restoring brings them back") {
  SharedSet shared;
  shared.Custom("x", shared.one);
  shared.Declared("d");
  shared.Custom("y", shared.two);
  const auto kept = shared.set.Copy(shared.classes.strings());
  const std::string of_one = shared.For(&shared.one);
  const std::string of_two = shared.For(&shared.two);
  CHECK(SharedSet::Of(*kept, &shared.one) == of_one);
  CHECK(SharedSet::Of(*kept, &shared.two) == of_two);
  shared.Declared("x");
  shared.Custom("d", shared.one);
  shared.set.Forget(&shared.two);
  shared.Tick();
  REQUIRE(shared.For(&shared.one) != of_one);
  shared.set.Restore(*kept);
  CHECK(shared.For(&shared.one) == of_one);
  CHECK(shared.For(&shared.two) == of_two);
}

TEST_CASE("metric set: a refusal of memory at any allocation leaves custom metrics as they were") {
  SharedSet shared;
  shared.Custom("x", shared.one);
  shared.Custom("x", shared.two);
  const auto replace = [&] { shared.Declared("x"); };
  size_t granted = 0;
  for (; IsRefused(granted, replace); ++granted) {
    REQUIRE(shared.For(&shared.one) == "{\"x\": null}");
    REQUIRE(shared.For(&shared.two) == "{\"x\": null}");
  }
  CHECK(granted > 2);
  CHECK(shared.For(&shared.two) == "{\"x\": {\"n\": 0}}");
}

}  // namespace metrics_runtime::test
