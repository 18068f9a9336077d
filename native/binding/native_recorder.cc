#include "binding/native_recorder.h"

#include <cstring>
#include <utility>

#include "binding/conversions.h"
#include "binding/environment.h"
#include "binding/metric_definition_reader.h"
#include "binding/native_operation.h"

namespace metrics_runtime {

namespace {

Napi::Object BeginningObject(Napi::Env env, const Runtime::Beginning& beginning) {
  auto object = Napi::Object::New(env);
  object.Set("operation", NativeOperation::New(env, beginning.operation));
  object.Set("begun", Napi::Boolean::New(env, beginning.begun));
  return object;
}

const std::shared_ptr<Operation>& OperationOf(const Napi::Value& value) {
  return Napi::ObjectWrap<NativeOperation>::Unwrap(value.As<Napi::Object>())->operation();
}

}  // namespace

Napi::Function NativeRecorder::Define(Napi::Env env) {
  return DefineClass(env, "NativeRecorder",
                     {
                         InstanceMethod<&NativeRecorder::State>("state"),
                         InstanceMethod<&NativeRecorder::Origin>("origin"),
                         InstanceMethod<&NativeRecorder::LetGo>("letGo"),
                         InstanceMethod<&NativeRecorder::Stops>("stops"),
                         InstanceMethod<&NativeRecorder::Start>("start"),
                         InstanceMethod<&NativeRecorder::Stop>("stop"),
                         InstanceMethod<&NativeRecorder::BeginStart>("beginStart"),
                         InstanceMethod<&NativeRecorder::FinishStart>("finishStart"),
                         InstanceMethod<&NativeRecorder::AbandonStart>("abandonStart"),
                         InstanceMethod<&NativeRecorder::FinishCreation>("finishCreation"),
                         InstanceMethod<&NativeRecorder::AbandonCreation>("abandonCreation"),
                         InstanceMethod<&NativeRecorder::FailStopped>("failStopped"),
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

Napi::Value NativeRecorder::Origin(const Napi::CallbackInfo& info) {
  return ToJs(info.Env(), *owned_.recorder);
}

Napi::Value NativeRecorder::LetGo(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), owned_.recorder->let_go());
}

Napi::Value NativeRecorder::Stops(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), owned_.recorder->stops());
}

Napi::Value NativeRecorder::Start(const Napi::CallbackInfo& info) {
  return BeginningObject(info.Env(), owned_.runtime->BeginStart(owned_.recorder));
}

Napi::Value NativeRecorder::Stop(const Napi::CallbackInfo& info) {
  return BeginningObject(info.Env(), owned_.runtime->BeginStop(owned_.recorder));
}

Napi::Value NativeRecorder::BeginStart(const Napi::CallbackInfo& info) {
  return BeginningObject(info.Env(), owned_.runtime->BeginHeldStart(owned_.recorder));
}

void NativeRecorder::FinishStart(const Napi::CallbackInfo& info) {
  owned_.runtime->FinishHeldStart(owned_.recorder, OperationOf(info[0]));
}

void NativeRecorder::AbandonStart(const Napi::CallbackInfo& info) {
  owned_.runtime->AbandonHeldStart(owned_.recorder, OperationOf(info[0]), Utf8(info[1]));
}

Napi::Value NativeRecorder::FinishCreation(const Napi::CallbackInfo& info) {
  return ToJs(info.Env(), owned_.runtime->FinishCreation(owned_.recorder));
}

void NativeRecorder::AbandonCreation(const Napi::CallbackInfo& info) {
  if (!owned_.runtime->AbandonCreation(owned_.recorder, Utf8(info[0]))) return;
  Environment::Of(info.Env()).ReleaseMemoryOf(owned_.recorder.get());
}

void NativeRecorder::FailStopped(const Napi::CallbackInfo& info) {
  owned_.runtime->FailStopped(owned_.recorder, Utf8(info[0]));
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
