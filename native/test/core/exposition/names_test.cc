#include "core/exposition/names.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace metrics_runtime::test {

namespace {

Family Made(std::string_view prefix, std::vector<std::string_view> parts,
            FamilyType type = FamilyType::kGauge, std::string_view unit = "") {
  return MakeFamily(prefix, parts, type, "h", unit);
}

}  // namespace

TEST_CASE("names: legal ones stay") {
  CHECK(LegalName("a") == "a");
  CHECK(LegalName("_Ab9_") == "_Ab9_");
}

TEST_CASE("names: each other code point is one underscore") {
  CHECK(LegalName("http.server-duration:x y") == "http_server_duration_x_y");
  CHECK(LegalName("é") == "_");
  CHECK(LegalName("a€b") == "a_b");
  CHECK(LegalName("😀😀") == "__");
  CHECK(LegalName("Größe") == "Gr__e");
  CHECK(LegalName(std::string_view("a\0b", 3)) == "a_b");
}

TEST_CASE("names: a digit in front gets an underscore and nothing is one") {
  CHECK(LegalName("2xx") == "_2xx");
  CHECK(LegalName("") == "_");
}

TEST_CASE("names: any bytes make a legal name") {
  CHECK(LegalName("\x80") == "_");
  CHECK(LegalName("\x80\x80") == "__");
  CHECK(LegalName("\xe2\x82") == "_");    // cut off
  CHECK(LegalName("\xe2\x82z") == "_z");  // too short
  CHECK(LegalName("\xff\xfe"
                  "a") == "__a");
  CHECK(LegalName("\xc3\xa9\xa9") == "__");  // one continuation too many
}

TEST_CASE("names: labels that mean something are renamed") {
  CHECK(LegalLabelName("route") == "route");
  CHECK(LegalLabelName("le") == "exported_le");
  CHECK(LegalLabelName("quantile") == "exported_quantile");
  CHECK(LegalLabelName("recorder") == "exported_recorder");
  CHECK(LegalLabelName("entity") == "exported_entity");
  CHECK(LegalLabelName("__name__") == "exported___name__");
  CHECK(LegalLabelName("..x") == "exported___x");
  CHECK(LegalLabelName("_x") == "_x");
  CHECK(LegalLabelName("les") == "les");
}

TEST_CASE("names: units are words") {
  const auto name = [](std::string_view unit) { return UnitName(unit, FamilyType::kCounter); };
  CHECK(name("s") == "seconds");
  CHECK(name("ms") == "milliseconds");
  CHECK(name("us") == "microseconds");
  CHECK(name("ns") == "nanoseconds");
  CHECK(name("By") == "bytes");
  CHECK(name("KiBy") == "kibibytes");
  CHECK(name("%") == "percent");
  CHECK(name("1") == "");
  CHECK(UnitName("1", FamilyType::kGauge) == "ratio");
  CHECK(name("") == "");
  CHECK(name("widgets") == "widgets");
  CHECK(name("{requests}") == "");
  CHECK(name("{requests}/s") == "s");
  CHECK(name("By{sent}") == "bytes");
  CHECK(name("km/h") == "km_h");
  CHECK(name("m^2") == "m_2");
  CHECK(name("°") == "");
  CHECK(name("{open") == "");
  CHECK(name("closed}") == "closed");
}

TEST_CASE("names: a family is prefix and parts and unit") {
  CHECK(Made("app", {"http", "latency"}, FamilyType::kHistogram, "s") ==
        Family{.name = "app_http_latency_seconds",
               .type = FamilyType::kHistogram,
               .help = "h",
               .unit = "seconds"});
  CHECK(Made("", {"a", "", "b"}).name == "a_b");
  CHECK(Made("app", {}).name == "app");
  CHECK(Made("", {}).name == "_");
  CHECK(Made("2", {"é"}).name == "_2__");
}

TEST_CASE("names: a unit that is there is not added again") {
  CHECK(Made("app", {"size_bytes"}, FamilyType::kGauge, "By").name == "app_size_bytes");
  CHECK(Made("", {"seconds"}, FamilyType::kGauge, "s").name == "seconds");
  CHECK(Made("app", {"kilobytes"}, FamilyType::kGauge, "By").name == "app_kilobytes_bytes");
}

TEST_CASE("names: a unit that is the whole name is no suffix") {
  const auto has = [](const char* name, const char* unit) {
    return HasUnitSuffix({.name = name, .unit = unit});
  };
  CHECK(has("app_seconds", "seconds"));
  CHECK(has("_seconds", "seconds"));
  CHECK_FALSE(has("seconds", "seconds"));
  CHECK_FALSE(has("xseconds", "seconds"));
  CHECK_FALSE(has("app_", ""));
  // From what an application can say.
  CHECK_FALSE(HasUnitSuffix(Made("app", {"bytes"}, FamilyType::kGauge, "app_bytes")));
}

TEST_CASE("names: a counter's total comes after the unit") {
  CHECK(Made("app", {"sent_total"}, FamilyType::kCounter, "By").name == "app_sent_bytes");
  CHECK(Made("app", {"sent_bytes_total"}, FamilyType::kCounter, "By").name == "app_sent_bytes");
  CHECK(Made("app", {"a_total_total"}, FamilyType::kCounter).name == "app_a_total");
  CHECK(Made("app", {"sent_total"}, FamilyType::kGauge).name == "app_sent_total");
  CHECK(Made("", {"_total"}, FamilyType::kCounter).name == "_total");
}

TEST_CASE("names: all that a family takes") {
  using Names = std::vector<std::string>;
  CHECK(SampleNames({.name = "n", .type = FamilyType::kGauge}) == Names{"n"});
  CHECK(SampleNames({.name = "n", .type = FamilyType::kCounter}) ==
        Names{"n", "n_total", "n_created"});
  CHECK(SampleNames({.name = "n", .type = FamilyType::kSummary}) ==
        Names{"n", "n_sum", "n_count", "n_created"});
  for (const FamilyType type : {FamilyType::kHistogram, FamilyType::kExponentialHistogram}) {
    CHECK(SampleNames({.name = "n", .type = type}) ==
          Names{"n", "n_bucket", "n_sum", "n_count", "n_created"});
  }
}

}  // namespace metrics_runtime::test
