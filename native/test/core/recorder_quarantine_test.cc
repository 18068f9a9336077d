// The custom metrics that have thrown.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/read_rings.h"
#include "support/refused_memory.h"

namespace metrics_runtime::test {

namespace {

using Names = std::vector<std::string>;

struct Quarantine : ReadRings {
  Quarantine() {
    for (Thread* const thread : {&creator, &other}) {
      for (const char* name : {"x", "y"}) RegisterCustom(name, *thread);
    }
    recorder.Quarantine("y", &other);
    recorder.Quarantine("x", &creator);
    recorder.Quarantine("x", &other);
  }
};

}  // namespace

TEST_CASE("recorder quarantine: has each name once and in the order in which they came") {
  ReadRings rings;
  CHECK(rings.recorder.quarantined().empty());
  const Quarantine quarantine;
  CHECK(quarantine.recorder.quarantined() == Names{"y", "x"});
}

TEST_CASE("recorder quarantine: registering the name lifts it for the own thread alone") {
  Quarantine quarantine;
  quarantine.RegisterCustom("z", quarantine.other);
  CHECK(quarantine.recorder.quarantined() == Names{"y", "x"});
  quarantine.RegisterCustom("x", quarantine.other);
  CHECK(quarantine.recorder.quarantined() == Names{"y", "x"});
  quarantine.RegisterCustom("y", quarantine.creator);
  CHECK(quarantine.recorder.quarantined() == Names{"y", "x"});
  quarantine.RegisterCustom("x", quarantine.creator);
  CHECK(quarantine.recorder.quarantined() == Names{"y"});
  quarantine.RegisterCustom("y", quarantine.other);
  CHECK(quarantine.recorder.quarantined().empty());
}

TEST_CASE("recorder quarantine: declaring a metric of the name lifts it for every thread") {
  Quarantine quarantine;
  quarantine.RegisterDeclared("x");
  CHECK(quarantine.recorder.quarantined() == Names{"y"});
}

TEST_CASE("recorder quarantine: ends with the thread of the metric") {
  Quarantine quarantine;
  quarantine.recorder.EndRingsOf(&quarantine.other, quarantine.classes, quarantine.never);
  CHECK(quarantine.recorder.quarantined() == Names{"x"});
  quarantine.recorder.EndRingsOf(&quarantine.creator, quarantine.classes, quarantine.never);
  CHECK(quarantine.recorder.quarantined().empty());
}

TEST_CASE("recorder quarantine: can be read when the rings were let go") {
  Quarantine quarantine;
  quarantine.recorder.DetachRings();
  CHECK(quarantine.recorder.quarantined() == Names{"y", "x"});
}

TEST_CASE("recorder quarantine: a refusal of memory leaves it as it was") {
  Quarantine quarantine;
  const auto add = [&] {
    quarantine.recorder.Quarantine("a name too long for its own space", &quarantine.other);
  };
  CHECK(IsRefused(0, add));
  CHECK(quarantine.recorder.quarantined() == Names{"y", "x"});
  const auto lift = [&] { quarantine.RegisterCustom("x", quarantine.other); };
  for (size_t granted = 0; IsRefused(granted, lift); ++granted) {
    REQUIRE(quarantine.recorder.quarantined() == Names{"y", "x"});
  }
}

TEST_CASE("recorder quarantine: failures of hooks are counted beside it") {
  Quarantine quarantine;
  CHECK(quarantine.recorder.ReadStats().hook_failures == 0);
  quarantine.recorder.CountHookFailure();
  quarantine.recorder.CountHookFailure();
  quarantine.recorder.DetachRings();
  CHECK(quarantine.recorder.ReadStats().hook_failures == 2);
}

}  // namespace metrics_runtime::test
