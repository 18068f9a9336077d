#include "binding/native_recorder.h"

#include <cstring>
#include <utility>

#include "binding/conversions.h"
#include "binding/environment.h"
#include "binding/metric_definition_reader.h"
#include "binding/native_operation.h"

namespace metrics_runtime {

Napi::Function NativeRecorder::Define(Napi::Env env) {
  return DefineClass(env, "NativeRecorder",
                     {
                         InstanceMethod<&NativeRecorder::State>("state"),
                         InstanceMethod<&NativeRecorder::Start>("start"),
                         InstanceMethod<&NativeRecorder::Stop>("stop"),
                         InstanceMethod<&NativeRecorder::RegisterMetric>("registerMetric"),
                         InstanceMethod<&NativeRecorder::Snapshots>("snapshots"),
                         InstanceMethod<&NativeRecorder::Stats>("stats"),
                     });
}

Napi::Object NativeRecorder::New(Napi::Env env, std::shared_ptr<Runtime> runtime,
                                 std::shared_ptr<Recorder> recorder) {
  Owned owned{std::move(runtime), std::move(recorder)};
  return Environment::Of(env).native_recorder.New({Napi::External<Owned>::New(env, &owned)});
}

NativeRecorder::NativeRecorder(const Napi::CallbackInfo& info)
    : ObjectWrap(info), owned_(std::move(*info[0].As<Napi::External<Owned>>().Data())) {}

Napi::Value NativeRecorder::State(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<uint32_t>(owned_.recorder->state()));
}

Napi::Value NativeRecorder::Start(const Napi::CallbackInfo& info) {
  return NativeOperation::New(info.Env(), owned_.runtime->BeginStart(owned_.recorder));
}

Napi::Value NativeRecorder::Stop(const Napi::CallbackInfo& info) {
  return NativeOperation::New(info.Env(), owned_.runtime->BeginStop(owned_.recorder));
}

Napi::Value NativeRecorder::RegisterMetric(const Napi::CallbackInfo& info) {
  MetricDefinition definition =
      ReadMetricDefinition(info[0].As<Napi::Object>(), owned_.runtime->event_classes());
  return ToJs(info.Env(), owned_.runtime->RegisterMetric(owned_.recorder, std::move(definition)));
}

Napi::Value NativeRecorder::Snapshots(const Napi::CallbackInfo& info) {
  const auto result = owned_.runtime->Snapshots(owned_.recorder);
  if (const auto* failure = std::get_if<Failure>(&result)) {
    return FailureResult(info.Env(), *failure);
  }
  const auto& bytes = std::get<std::vector<std::byte>>(result);
  auto buffer = Napi::ArrayBuffer::New(info.Env(), bytes.size());
  std::memcpy(buffer.Data(), bytes.data(), bytes.size());
  return ValueResult(info.Env(), buffer);
}

Napi::Value NativeRecorder::Stats(const Napi::CallbackInfo& info) {
  return ToJs(info.Env(), owned_.recorder->ReadStats());
}

}  // namespace metrics_runtime
