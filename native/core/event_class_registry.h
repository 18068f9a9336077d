// The event classes of one runtime, numbered in order of their first use.
//
// Register: any JavaScript thread, under the lock. Find: the runtime thread, once per event,
// without a lock: the table has a fixed size, a slot is written once (release) and read with
// acquire. Classes live as long as the registry.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/event_class.h"

namespace metrics_runtime {

class EventClassRegistry {
 public:
  // Event classes are written in program text, so their number is small; the limit keeps Find free
  // of locks and a program that makes classes in a loop from growing without bound.
  static constexpr uint32_t kMaxClasses = 4096;

  enum class Refusal { kNone, kOtherFields, kTooMany };
  struct Declaration {
    std::string event_type;
    std::vector<FieldSpec> fields;
  };
  struct Registration {
    std::vector<const EventClass*> event_classes;  // empty when refused
    Refusal refusal = Refusal::kNone;
    size_t refused = 0;  // the index of the declaration that was refused
  };

  EventClassRegistry() = default;
  EventClassRegistry(const EventClassRegistry&) = delete;
  EventClassRegistry& operator=(const EventClassRegistry&) = delete;

  // The classes declared, in the same order; those that are new are made. A known type with other
  // fields is refused, and then no class is made. Throws std::bad_alloc, with no class known that
  // was not before.
  [[nodiscard]] Registration Register(const std::vector<Declaration>& declarations);

  // The strings of every label field of every class.
  [[nodiscard]] const StringTable& strings() const noexcept { return strings_; }

  // nullptr when no class has this number, whatever the number is.
  [[nodiscard]] const EventClass* Find(uint32_t id) const noexcept {
    // acquire: pairs with the release in Register, so that the class is seen whole.
    return id < kMaxClasses ? table_[id].load(std::memory_order_acquire) : nullptr;
  }

 private:
  StringTable strings_;
  std::mutex mutex_;
  std::unordered_map<std::string, const EventClass*> by_type_;
  std::vector<std::unique_ptr<EventClass>> classes_;
  std::array<std::atomic<const EventClass*>, kMaxClasses> table_{};
};

}  // namespace metrics_runtime
