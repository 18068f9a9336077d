// The order in which metrics take an event shows only when one of them cannot: those before it have
// the event then, those after it have not.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/metric_set.h"
#include "support/fields.h"
#include "support/refused_memory.h"
#include "support/value_text.h"

namespace metrics_runtime::test {

namespace {

struct Ordered {
  // Counts every event; `by_size`: each size in a series of its own, which needs memory.
  void Register(std::string name, bool by_size) {
    DimensionDefinition total{.name = "total", .sources = {{.event_class = &save}}};
    if (by_size) {
      total.sources[0].by = {save.offset(0)};
      total.group_by.fields = {save.fields()[0]};
    }
    set.Register({.name = std::move(name),
                  .fingerprint = by_size ? "by size" : "all",
                  .dimensions = {std::move(total)}},
                 classes.strings());
  }

  // An event for whose series there is no memory.
  void DispatchRefused() {
    const uint32_t words[] = {save.id(), 7};
    const EventRecord record(reinterpret_cast<const std::byte*>(words));
    const RefusedMemory refused;
    CHECK(set.Dispatch(save, record) != nullptr);
  }

  [[nodiscard]] std::string Snapshots() const {
    return WrittenText([&](ValueWriter& writer) { set.Write(writer); });
  }

  EventClassRegistry classes;
  const EventClass& save = Registered(classes, "save", {Uint32("size")});
  MetricSet set;
};

}  // namespace

TEST_CASE("metric set: metrics take an event in the order of registration") {
  const std::vector<std::string> names = {"d", "b", "c", "a"};
  for (size_t refused = 0; refused < names.size(); ++refused) {
    CAPTURE(refused);
    Ordered ordered;
    std::string expected;
    for (size_t i = 0; i < names.size(); ++i) {
      ordered.Register(names[i], i == refused);
      const std::string total = i == refused ? "[]" : i < refused ? "1" : "0";
      expected += (i == 0 ? "{\"" : ", \"") + names[i] + "\": {\"total\": " + total + "}";
    }
    ordered.DispatchRefused();
    CHECK(ordered.Snapshots() == expected + "}");
  }
}

TEST_CASE("metric set: a metric that takes the place of another takes its place in that order") {
  Ordered ordered;
  for (const char* name : {"a", "b", "c"}) ordered.Register(name, false);
  ordered.Register("b", true);
  ordered.DispatchRefused();
  CHECK(ordered.Snapshots() ==
        "{\"a\": {\"total\": 1}, \"b\": {\"total\": []}, \"c\": {\"total\": 0}}");
}

}  // namespace metrics_runtime::test
