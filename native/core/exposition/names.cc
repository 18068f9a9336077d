#include "core/exposition/names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace metrics_runtime {

namespace {

constexpr bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr bool IsLegal(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_';
}

// How many bytes follow the first one of a code point, at most.
constexpr size_t Continuations(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0xf0) return 3;
  if (byte >= 0xe0) return 2;
  return byte >= 0xc0 ? 1 : 0;
}

constexpr bool IsContinuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// As a part of a name, where digits may be in front.
std::string LegalPart(std::string_view text) {
  std::string legal;
  legal.reserve(text.size() + 1);
  for (size_t i = 0; i < text.size(); ++i) {
    legal += IsLegal(text[i]) ? text[i] : '_';
    for (size_t left = Continuations(text[i]);
         left > 0 && i + 1 < text.size() && IsContinuation(text[i + 1]); --left) {
      ++i;
    }
  }
  return legal;
}

std::string WithoutNotes(std::string_view unit) {
  std::string kept;
  size_t depth = 0;
  for (const char c : unit) {
    if (c == '{') ++depth;
    if (depth == 0) kept += c;
    if (c == '}' && depth > 0) --depth;
  }
  return kept;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 19> kUnits = {{
    {"d", "days"},          {"h", "hours"},         {"min", "minutes"},    {"s", "seconds"},
    {"ms", "milliseconds"}, {"us", "microseconds"}, {"ns", "nanoseconds"}, {"By", "bytes"},
    {"KiBy", "kibibytes"},  {"MiBy", "mebibytes"},  {"GiBy", "gibibytes"}, {"TiBy", "tebibytes"},
    {"kBy", "kilobytes"},   {"MBy", "megabytes"},   {"GBy", "gigabytes"},  {"TBy", "terabytes"},
    {"Hz", "hertz"},        {"Cel", "celsius"},     {"%", "percent"},
}};

bool EndsWithUnit(std::string_view name, std::string_view unit) noexcept {
  if (!name.ends_with(unit)) return false;
  const size_t before = name.size() - unit.size();
  return before == 0 || name[before - 1] == '_';
}

}  // namespace

std::string LegalName(std::string_view name) {
  std::string legal = LegalPart(name);
  if (legal.empty() || IsDigit(legal.front())) legal.insert(legal.begin(), '_');
  return legal;
}

std::string LegalLabelName(std::string_view name) {
  constexpr std::array<std::string_view, 4> kTaken = {"le", "quantile", "recorder", "entity"};
  std::string legal = LegalName(name);
  if (legal.starts_with("__") || std::ranges::find(kTaken, legal) != kTaken.end()) {
    legal.insert(0, "exported_");
  }
  return legal;
}

std::string UnitName(std::string_view unit, FamilyType type) {
  const std::string kept = WithoutNotes(unit);
  if (kept == "1") return type == FamilyType::kGauge ? "ratio" : "";
  const auto known = std::ranges::find(kUnits, kept, &decltype(kUnits)::value_type::first);
  if (known != kUnits.end()) return std::string(known->second);
  const std::string legal = LegalPart(kept);
  const size_t begin = legal.find_first_not_of('_');
  if (begin == std::string::npos) return "";
  return legal.substr(begin, legal.find_last_not_of('_') - begin + 1);
}

Family MakeFamily(std::string_view prefix, std::span<const std::string_view> parts, FamilyType type,
                  std::string_view help, std::string_view unit) {
  constexpr std::string_view kTotal = "_total";
  std::string name(prefix);
  for (const std::string_view part : parts) {
    if (!name.empty() && !part.empty()) name += '_';
    name += part;
  }
  name = LegalName(name);
  if (type == FamilyType::kCounter && name.size() > kTotal.size() && name.ends_with(kTotal)) {
    name.resize(name.size() - kTotal.size());
  }
  std::string unit_name = UnitName(unit, type);
  if (!unit_name.empty() && !EndsWithUnit(name, unit_name)) {
    name += '_';
    name += unit_name;
  }
  return {.name = std::move(name),
          .type = type,
          .help = std::string(help),
          .unit = std::move(unit_name)};
}

bool HasUnitSuffix(const Family& family) noexcept {
  return !family.unit.empty() && family.name.size() > family.unit.size() &&
         EndsWithUnit(family.name, family.unit);
}

std::vector<std::string> SampleNames(const Family& family) {
  std::vector<std::string> names = {family.name};
  const auto add = [&](std::string_view suffix) {
    names.push_back(family.name + std::string(suffix));
  };
  switch (family.type) {
    case FamilyType::kGauge:
      break;
    case FamilyType::kCounter:
      add("_total");
      add("_created");
      break;
    case FamilyType::kHistogram:
    case FamilyType::kExponentialHistogram:
      add("_bucket");
      [[fallthrough]];
    case FamilyType::kSummary:
      add("_sum");
      add("_count");
      add("_created");
      break;
  }
  return names;
}

}  // namespace metrics_runtime
