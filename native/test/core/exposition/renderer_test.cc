#include "core/exposition/renderer.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/rendered.h"

namespace metrics_runtime::test {

TEST_CASE("renderer: each format is its own") {
  const std::vector<TestFamily> families = {
      {{.name = "c", .type = FamilyType::kCounter}, {{{}, 1.0}}}};
  CHECK(Rendered(ExpositionFormat::kPrometheusText, families) ==
        "# TYPE c_total counter\nc_total 1\n");
  CHECK(Rendered(ExpositionFormat::kOpenMetrics, families) ==
        "# TYPE c counter\nc_total 1\nc_created 1.5\n# EOF\n");
  CHECK(Rendered(ExpositionFormat::kPrometheusProtobuf, families).substr(1, 9) ==
        "\x0a\x07"
        "c_total");
  CHECK(Rendered(ExpositionFormat::kJson, families) ==
        "{\"families\":[{\"name\":\"c\",\"type\":\"counter\",\"help\":\"\",\"unit\":\"\","
        "\"series\":[{\"labels\":{},\"created\":1.5,\"value\":1}]}]}");
}

}  // namespace metrics_runtime::test
