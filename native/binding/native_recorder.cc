#include "binding/native_recorder.h"

#include <cstring>
#include <utility>

#include "binding/conversions.h"
#include "binding/environment.h"
#include "binding/metric_definition_reader.h"
#include "binding/native_instrument.h"
#include "binding/native_operation.h"

namespace metrics_runtime {

Napi::Function NativeRecorder::Define(Napi::Env env) {
  return DefineClass(
      env, "NativeRecorder",
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
          InstanceMethod<&NativeRecorder::RegisterCustomMetric>("registerCustomMetric"),
          InstanceMethod<&NativeRecorder::Quarantine>("quarantine"),
          InstanceMethod<&NativeRecorder::Quarantined>("quarantined"),
          InstanceMethod<&NativeRecorder::CountHookFailure>("countHookFailure"),
          InstanceMethod<&NativeRecorder::AddInstrument>("addInstrument"),
          InstanceMethod<&NativeRecorder::HoldSlots>("holdSlots"),
          InstanceMethod<&NativeRecorder::IsHandleOfSame>("isHandleOfSame"),
          InstanceMethod<&NativeRecorder::AddObserver>("addObserver"),
          InstanceMethod<&NativeRecorder::ObservationAsked>("observationAsked"),
          InstanceMethod<&NativeRecorder::Observed>("observed"),
          InstanceMethod<&NativeRecorder::CountObservationFailure>("countObservationFailure"),
          InstanceMethod<&NativeRecorder::Snapshots>("snapshots"),
          InstanceMethod<&NativeRecorder::Render>("render"),
          InstanceMethod<&NativeRecorder::Stats>("stats"),
      });
}

Napi::Object NativeRecorder::New(Napi::Env env, std::shared_ptr<Runtime> runtime,
                                 std::shared_ptr<Recorder> recorder,
                                 std::optional<Runtime::HeldStart> held) {
  Owned owned{std::move(runtime), std::move(recorder), std::move(held)};
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

template <typename Begin>
Napi::Value NativeRecorder::Beginning(Napi::Env env, Begin&& begin) {
  const Napi::Object handle = NativeOperation::New(env);
  const Runtime::Beginning beginning = begin();
  NativeOperation::Unwrap(handle)->Set(beginning.operation);
  auto object = Napi::Object::New(env);
  object.Set("operation", handle);
  object.Set("begun", Napi::Boolean::New(env, beginning.begun));
  return object;
}

Napi::Value NativeRecorder::Start(const Napi::CallbackInfo& info) {
  return Beginning(info.Env(), [&] { return owned_.runtime->BeginStart(owned_.recorder); });
}

Napi::Value NativeRecorder::Stop(const Napi::CallbackInfo& info) {
  return Beginning(info.Env(), [&] { return owned_.runtime->BeginStop(owned_.recorder); });
}

Napi::Value NativeRecorder::BeginStart(const Napi::CallbackInfo& info) {
  return Beginning(info.Env(), [&] {
    // The one before, should a hook be inside it, is not to be replaced.
    Runtime::HeldStart held = owned_.runtime->HoldStart(owned_.recorder);
    auto beginning = owned_.runtime->BeginHeldStart(owned_.recorder, held);
    if (beginning.begun) owned_.held.emplace(std::move(held));
    return beginning;
  });
}

void NativeRecorder::FinishStart(const Napi::CallbackInfo&) {
  owned_.runtime->FinishHeldStart(*owned_.held);
}

void NativeRecorder::AbandonStart(const Napi::CallbackInfo& info) {
  owned_.runtime->AbandonHeldStart(owned_.recorder, *owned_.held, Utf8IfPossible(info[0]));
}

Napi::Value NativeRecorder::FinishCreation(const Napi::CallbackInfo& info) {
  const Status failure = owned_.runtime->FinishCreation(owned_.recorder, *owned_.held);
  if (failure.has_value()) ReleaseIfLetGo(info.Env());
  return ToJs(info.Env(), failure);
}

void NativeRecorder::AbandonCreation(const Napi::CallbackInfo& info) {
  owned_.runtime->AbandonCreation(owned_.recorder, *owned_.held, Utf8IfPossible(info[0]));
  ReleaseIfLetGo(info.Env());
}

void NativeRecorder::ReleaseIfLetGo(Napi::Env env) {
  if (owned_.recorder->let_go()) Environment::Of(env).ReleaseMemoryOf(owned_.recorder.get());
}

void NativeRecorder::FailStopped(const Napi::CallbackInfo& info) {
  owned_.runtime->FailStopped(owned_.recorder, Utf8IfPossible(info[0]));
}

Napi::Value NativeRecorder::RegisterMetric(const Napi::CallbackInfo& info) {
  MetricDefinition definition =
      ReadMetricDefinition(info[0].As<Napi::Object>(), owned_.runtime->event_classes());
  return ToJs(info.Env(), owned_.runtime->RegisterMetric(owned_.recorder, std::move(definition)));
}

Napi::Value NativeRecorder::RegisterCustomMetric(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::Of(info.Env());
  const std::shared_ptr<LoopSignal> signal = environment.Signal();
  if (signal == nullptr) throw Napi::Error::New(info.Env(), "the system refused a loop handle");
  return ToJs(info.Env(),
              owned_.runtime->RegisterCustomMetric(owned_.recorder, Utf8(info[0]), &environment,
                                                   [signal] { signal->Send(); }));
}

void NativeRecorder::Quarantine(const Napi::CallbackInfo& info) {
  owned_.recorder->Quarantine(Utf8(info[0]), &Environment::Of(info.Env()));
}

Napi::Value NativeRecorder::Quarantined(const Napi::CallbackInfo& info) {
  return StringArray(info.Env(), owned_.recorder->quarantined());
}

void NativeRecorder::CountHookFailure(const Napi::CallbackInfo&) {
  owned_.recorder->CountHookFailure();
}

Napi::Value NativeRecorder::AddInstrument(const Napi::CallbackInfo& info) {
  const auto result = owned_.runtime->AddInstrument(
      owned_.recorder, ReadInstrumentDefinition(info[0].As<Napi::Object>()));
  if (const auto* failure = std::get_if<Failure>(&result)) {
    return FailureResult(info.Env(), *failure);
  }
  return ValueResult(
      info.Env(), NativeInstrument::New(info.Env(), std::get<std::shared_ptr<Instrument>>(result)));
}

void NativeRecorder::HoldSlots(const Napi::CallbackInfo& info) {
  const auto slots = info[0].As<Napi::TypedArray>();
  Environment::Of(info.Env())
      .HoldSlots(owned_.recorder, owned_.runtime.get(), slots, MemoryOf(slots));
}

Napi::Value NativeRecorder::IsHandleOfSame(const Napi::CallbackInfo& info) {
  const auto* other = Unwrap(info[0].As<Napi::Object>());
  return Napi::Boolean::New(info.Env(), other->owned_.recorder == owned_.recorder);
}

void NativeRecorder::AddObserver(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::Of(info.Env());
  const std::shared_ptr<LoopSignal> signal = environment.Signal();
  if (signal == nullptr) throw Napi::Error::New(info.Env(), "the system refused a loop handle");
  owned_.recorder->observers().Add(&environment, [signal] { signal->Send(); });
}

Napi::Value NativeRecorder::ObservationAsked(const Napi::CallbackInfo& info) {
  const Observers::Round asked = owned_.recorder->observers().Asked(&Environment::Of(info.Env()));
  return Napi::Number::New(info.Env(), static_cast<double>(asked));
}

void NativeRecorder::Observed(const Napi::CallbackInfo& info) {
  const auto round = static_cast<Observers::Round>(info[0].As<Napi::Number>().Int64Value());
  owned_.recorder->observers().Answer(&Environment::Of(info.Env()), round);
}

void NativeRecorder::CountObservationFailure(const Napi::CallbackInfo&) {
  owned_.recorder->observers().CountFailure();
}

Napi::Value NativeRecorder::Snapshots(const Napi::CallbackInfo& info) {
  const void* const thread = &Environment::Of(info.Env());
  const auto result = info[0].ToBoolean()
                          ? owned_.runtime->ObservedSnapshots(owned_.recorder, thread)
                          : owned_.runtime->Snapshots(owned_.recorder, thread);
  if (const auto* failure = std::get_if<Failure>(&result)) {
    return FailureResult(info.Env(), *failure);
  }
  const auto& bytes = std::get<std::vector<std::byte>>(result);
  auto buffer = Napi::ArrayBuffer::New(info.Env(), bytes.size());
  std::memcpy(buffer.Data(), bytes.data(), bytes.size());
  return ValueResult(info.Env(), buffer);
}

Napi::Value NativeRecorder::Render(const Napi::CallbackInfo& info) {
  return NativeOperation::OfRender(info, *owned_.runtime, owned_.recorder);
}

Napi::Value NativeRecorder::Stats(const Napi::CallbackInfo& info) {
  return ToJs(info.Env(), owned_.recorder->ReadStats());
}

}  // namespace metrics_runtime
