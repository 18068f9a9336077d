// The recorders of one runtime by id, in the order of their registration.
//
// Thread-safe: every member takes the registry's own lock. An id passes through three phases:
// reserved (being created), registered, leaving (being removed). Only a registered one is found or
// listed; an id in any phase is taken.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/recorder.h"

namespace metrics_runtime {

class RecorderRegistry {
 public:
  using RecorderPtr = std::shared_ptr<Recorder>;

  // Takes the id for a recorder in the making; false when it is taken.
  [[nodiscard]] bool Reserve(const std::string& id);
  // Ends a reservation: with a recorder, which then stands last, or with nothing.
  void Register(RecorderPtr recorder);
  // False: the id was not reserved; nothing changed.
  bool CancelReservation(const std::string& id);

  // nullptr when the id is not registered.
  [[nodiscard]] RecorderPtr Find(const std::string& id) const;
  // As Find, and from then on the caller alone is to stop it and to call Erase. Of several callers
  // one gets it.
  [[nodiscard]] RecorderPtr BeginRemoval(const std::string& id);
  void Erase(const std::string& id);

  // In the order of registration.
  [[nodiscard]] std::vector<std::string> Ids() const;
  // In the order of registration, with those that are leaving.
  [[nodiscard]] std::vector<RecorderPtr> All() const;

 private:
  enum class Phase { kReserved, kRegistered, kLeaving };
  struct Entry {
    Phase phase;
    RecorderPtr recorder;
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::vector<std::string> order_;
};

}  // namespace metrics_runtime
