// The JavaScript handle on an Operation. JavaScript thread; Wait blocks it.
#pragma once

#include <napi.h>

#include <memory>

#include "runtime/operation.h"

namespace metrics_runtime {

class NativeOperation final : public Napi::ObjectWrap<NativeOperation> {
 public:
  [[nodiscard]] static Napi::Function Define(Napi::Env env);
  [[nodiscard]] static Napi::Object New(Napi::Env env, std::shared_ptr<Operation> operation);

  [[nodiscard]] const std::shared_ptr<Operation>& operation() const noexcept { return operation_; }

  // Called by New alone, with an External<std::shared_ptr<Operation>>.
  explicit NativeOperation(const Napi::CallbackInfo& info);

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
