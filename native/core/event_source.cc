#include "core/event_source.h"

#include <bit>

namespace metrics_runtime {

EventValue EventValue::Field(const EventClass& event_class, size_t index) noexcept {
  EventValue made;
  made.offset_ = event_class.offset(index);
  switch (event_class.fields()[index].kind) {
    case FieldKind::kFloat64:
      made.from_ = From::kFloat64;
      break;
    case FieldKind::kKey:
      made.from_ = From::kKey;
      break;
    default:
      made.from_ = From::kUint32;
  }
  return made;
}

// The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators,
// OOPSLA 2014), over the bits of the number; 0 and -0 are one value. Stable: sketches of different
// processes are merged.
uint64_t EventValue::HashOf(double number) noexcept {
  auto bits = std::bit_cast<uint64_t>(number == 0 ? 0.0 : number) + 0x9e37'79b9'7f4a'7c15;
  bits = (bits ^ (bits >> 30)) * 0xbf58'476d'1ce4'e5b9;
  bits = (bits ^ (bits >> 27)) * 0x94d0'49bb'1331'11eb;
  return bits ^ (bits >> 31);
}

}  // namespace metrics_runtime
