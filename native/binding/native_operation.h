// The JavaScript handle on an Operation. JavaScript thread; Wait blocks it.
#pragma once

#include <napi.h>

#include <memory>
#include <utility>

#include "runtime/operation.h"

namespace metrics_runtime {

class NativeOperation final : public Napi::ObjectWrap<NativeOperation> {
 public:
  [[nodiscard]] static Napi::Function Define(Napi::Env env);
  // A handle on nothing yet: Set follows before JavaScript gets it.
  [[nodiscard]] static Napi::Object New(Napi::Env env);
  void Set(std::shared_ptr<Operation> operation) noexcept { operation_ = std::move(operation); }

  // Called by New alone.
  explicit NativeOperation(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

 private:
  // wait(limitMs: number): false (not settled) | NativeFailure | undefined (succeeded)
  Napi::Value Wait(const Napi::CallbackInfo& info);

  // same(other: NativeOperation): boolean
  Napi::Value Same(const Napi::CallbackInfo& info);
  // signalWhenSettled(): void
  void SignalWhenSettled(const Napi::CallbackInfo& info);

  std::shared_ptr<Operation> operation_;
};

}  // namespace metrics_runtime
