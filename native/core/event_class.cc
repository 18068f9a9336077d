#include "core/event_class.h"

#include <utility>

#include "core/ring_layout.h"

namespace metrics_runtime {

namespace {

bool TakesEightBytes(FieldKind kind) {
  return kind == FieldKind::kFloat64 || kind == FieldKind::kKey;
}

}  // namespace

EventClass::EventClass(uint32_t id, std::string event_type, std::vector<FieldSpec> fields,
                       StringTable& strings)
    : id_(id), event_type_(std::move(event_type)), fields_(std::move(fields)) {
  offsets_.resize(fields_.size());
  labels_.resize(fields_.size());
  uint32_t at = sizeof(uint32_t);  // behind the header
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (TakesEightBytes(fields_[i].kind)) continue;
    offsets_[i] = at;
    at += sizeof(uint32_t);
    if (fields_[i].kind == FieldKind::kLabel) {
      label_offsets_.push_back(offsets_[i]);
      labels_[i] = std::make_unique<LabelTable>(strings, fields_[i].max_values);
    }
  }
  constexpr uint32_t kWord = RingLayout::kWordBytes;
  at = (at + kWord - 1) / kWord * kWord;
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (!TakesEightBytes(fields_[i].kind)) continue;
    offsets_[i] = at;
    at += sizeof(uint64_t);
    if (fields_[i].kind == FieldKind::kFloat64) float64_offsets_.push_back(offsets_[i]);
  }
  words_ = at / kWord;
}

int EventClass::FieldIndex(std::string_view name) const noexcept {
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace metrics_runtime
