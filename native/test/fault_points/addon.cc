// The entry of the test build: the addon as it is, and beside it `faultPoints`, which arms them.
#include <napi.h>

#include "binding/environment.h"
#include "fault_points/fault_points.h"

namespace metrics_runtime::test {

namespace {

FaultPoint PointOf(const Napi::Value& value) {
  return static_cast<FaultPoint>(value.As<Napi::Number>().Uint32Value());
}

uint32_t U32(const Napi::Value& value) { return value.As<Napi::Number>().Uint32Value(); }

Napi::Object FaultPoints(Napi::Env env) {
  auto object = Napi::Object::New(env);
  const auto set = [&](const char* name, auto call) {
    object.Set(name, Napi::Function::New(env, call, name));
  };
  // failAt(point: number, passes: number, times: number): void
  set("failAt",
      [](const Napi::CallbackInfo& info) { FailAt(PointOf(info[0]), U32(info[1]), U32(info[2])); });
  // holdAt(point: number, spanMs: number): void
  set("holdAt", [](const Napi::CallbackInfo& info) {
    HoldAt(PointOf(info[0]), std::chrono::milliseconds(U32(info[1])));
  });
  // refuseMemoryAfter(granted: number): void
  set("refuseMemoryAfter", [](const Napi::CallbackInfo& info) { RefuseMemoryAfter(U32(info[0])); });
  // grantMemory(): number
  set("grantMemory", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Number::New(info.Env(), GrantMemory());
  });
  return object;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  (void)Environment::Init(env, exports);
  exports.Set("faultPoints", FaultPoints(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(metrics_runtime, Init)

}  // namespace metrics_runtime::test
