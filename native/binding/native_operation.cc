#include "binding/native_operation.h"

#include <limits>
#include <utility>

#include "binding/conversions.h"
#include "binding/environment.h"

namespace metrics_runtime {

Napi::Function NativeOperation::Define(Napi::Env env) {
  return DefineClass(env, "NativeOperation",
                     {
                         InstanceMethod<&NativeOperation::Wait>("wait"),
                         InstanceMethod<&NativeOperation::Same>("same"),
                         InstanceMethod<&NativeOperation::SignalWhenSettled>("signalWhenSettled"),
                     });
}

Napi::Object NativeOperation::New(Napi::Env env) {
  return Environment::Of(env).native_operation.New({});
}

Napi::Value NativeOperation::Wait(const Napi::CallbackInfo& info) {
  const double limit_ms = info[0].As<Napi::Number>().DoubleValue();
  const uint64_t limit_ns = limit_ms == std::numeric_limits<double>::infinity()
                                ? UvCondition::kForever
                                : static_cast<uint64_t>(limit_ms * 1e6);
  if (!operation_->Wait(limit_ns)) return Napi::Boolean::New(info.Env(), false);
  return ToJs(info.Env(), operation_->failure());
}

Napi::Value NativeOperation::Same(const Napi::CallbackInfo& info) {
  const auto* other = Unwrap(info[0].As<Napi::Object>());
  return Napi::Boolean::New(info.Env(), other->operation_ == operation_);
}

void NativeOperation::SignalWhenSettled(const Napi::CallbackInfo& info) {
  std::shared_ptr<LoopSignal> signal = Environment::Of(info.Env()).Signal();
  if (signal == nullptr) throw Napi::Error::New(info.Env(), "the system refused a loop handle");
  operation_->SendWhenSettled(std::move(signal));
}

}  // namespace metrics_runtime
