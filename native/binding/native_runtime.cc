#include "binding/native_runtime.h"

#include <string>
#include <utility>
#include <vector>

#include "binding/conversions.h"
#include "binding/environment.h"
#include "binding/native_operation.h"
#include "binding/native_recorder.h"
#include "core/ring_layout.h"
#include "runtime/shared_runtimes.h"

namespace metrics_runtime {

namespace {

std::vector<FieldSpec> ReadFields(const Napi::Value& value) {
  const auto array = value.As<Napi::Array>();
  std::vector<FieldSpec> fields;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const auto field = array.Get(i).As<Napi::Object>();
    fields.push_back(
        {.name = Utf8(field.Get("name")),
         .kind = static_cast<FieldKind>(field.Get("kind").As<Napi::Number>().Uint32Value()),
         .members = Utf8Array(field.Get("members")),
         .max_values = field.Get("maxValues").As<Napi::Number>().Uint32Value()});
  }
  return fields;
}

Napi::Object EventClassObject(Napi::Env env, const EventClass& event_class) {
  auto object = Napi::Object::New(env);
  object.Set("id", Napi::Number::New(env, event_class.id()));
  object.Set("words", Napi::Number::New(env, event_class.words()));
  const size_t size = event_class.fields().size();
  auto offsets = Napi::Array::New(env, size);
  for (uint32_t i = 0; i < size; ++i) {
    offsets.Set(i, Napi::Number::New(env, event_class.offset(i)));
  }
  object.Set("offsets", offsets);
  return object;
}

// Of the class and the field that the first two arguments name.
LabelTable& LabelsOf(const Napi::CallbackInfo& info, const EventClassRegistry& event_classes) {
  const EventClass* event_class = event_classes.Find(info[0].As<Napi::Number>().Uint32Value());
  if (event_class == nullptr) throw Napi::Error::New(info.Env(), "unknown event class");
  return LabelsOf(info.Env(), *event_class, info[1].As<Napi::Number>().Uint32Value());
}

}  // namespace

Napi::Function NativeRuntime::Define(Napi::Env env) {
  return DefineClass(
      env, "NativeRuntime",
      {
          InstanceMethod<&NativeRuntime::State>("state"),
          InstanceMethod<&NativeRuntime::Start>("start"),
          InstanceMethod<&NativeRuntime::Shutdown>("shutdown"),
          InstanceMethod<&NativeRuntime::FailClosed>("failClosed"),
          InstanceMethod<&NativeRuntime::Flush>("flush"),
          InstanceMethod<&NativeRuntime::Wake>("wake"),
          InstanceMethod<&NativeRuntime::Owns>("owns"),
          InstanceMethod<&NativeRuntime::Share>("share"),
          InstanceMethod<&NativeRuntime::Stats>("stats"),
          InstanceMethod<&NativeRuntime::RegisterEventClasses>("registerEventClasses"),
          InstanceMethod<&NativeRuntime::InternLabel>("internLabel"),
          InstanceMethod<&NativeRuntime::KnownLabels>("knownLabels"),
          InstanceMethod<&NativeRuntime::CreateRecorder>("createRecorder"),
          InstanceMethod<&NativeRuntime::OpenRecorder>("openRecorder"),
          InstanceMethod<&NativeRuntime::FindRecorder>("findRecorder"),
          InstanceMethod<&NativeRuntime::ListRecorderIds>("listRecorderIds"),
          InstanceMethod<&NativeRuntime::StopRecorder>("stopRecorder"),
          InstanceMethod<&NativeRuntime::StopAndRemoveRecorder>("stopAndRemoveRecorder"),
          InstanceMethod<&NativeRuntime::Render>("render"),
      });
}

NativeRuntime::NativeRuntime(const Napi::CallbackInfo& info)
    : ObjectWrap(info),
      runtime_(info[0].IsString() ? std::make_shared<Runtime>(Utf8(info[0]))
                                  : *info[0].As<Napi::External<std::shared_ptr<Runtime>>>().Data()),
      attached_(!info[0].IsString()) {
  if (!attached_) Environment::Of(info.Env()).Adopt(runtime_);
}

Napi::Value NativeRuntime::Attach(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  SharedRuntimes::Entry entry = SharedRuntimes::OfProcess().Find(Utf8(info[0]));
  auto object = Napi::Object::New(env);
  object.Set("attributes", Text(env, entry.attributes));
  if (entry.runtime == nullptr) return object;
  const auto external = Napi::External<std::shared_ptr<Runtime>>::New(env, &entry.runtime);
  object.Set("runtime", Environment::Of(env).native_runtime.New({external}));
  return object;
}

Napi::Value NativeRuntime::Share(const Napi::CallbackInfo& info) {
  return Text(info.Env(), SharedRuntimes::OfProcess().Share(runtime_, Utf8(info[0])));
}

Napi::Value NativeRuntime::State(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<uint32_t>(runtime_->state()));
}

Napi::Value NativeRuntime::Start(const Napi::CallbackInfo& info) {
  return ToJs(info.Env(), runtime_->Start());
}

Napi::Value NativeRuntime::Shutdown(const Napi::CallbackInfo& info) {
  const Status status = runtime_->Shutdown();
  if (runtime_->let_go()) Environment::Of(info.Env()).ReleaseMemoryOf(runtime_.get());
  return ToJs(info.Env(), status);
}

void NativeRuntime::FailClosed(const Napi::CallbackInfo&) { runtime_->FailClosed(); }

void NativeRuntime::Flush(const Napi::CallbackInfo&) { runtime_->Flush(); }

void NativeRuntime::Wake(const Napi::CallbackInfo&) { runtime_->Wake(); }

Napi::Value NativeRuntime::Owns(const Napi::CallbackInfo& info) {
  const auto* recorder = NativeRecorder::Unwrap(info[0].As<Napi::Object>());
  return Napi::Boolean::New(info.Env(), recorder->IsOf(*runtime_));
}

Napi::Value NativeRuntime::Stats(const Napi::CallbackInfo& info) {
  return ToJs(info.Env(), runtime_->stats());
}

Napi::Value NativeRuntime::RegisterEventClasses(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto array = info[0].As<Napi::Array>();
  std::vector<EventClassRegistry::Declaration> declarations;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const auto declaration = array.Get(i).As<Napi::Object>();
    declarations.push_back(
        {Utf8(declaration.Get("eventType")), ReadFields(declaration.Get("fields"))});
  }
  const auto registration = runtime_->event_classes().Register(declarations);
  auto result = Napi::Object::New(env);
  if (registration.refusal != EventClassRegistry::Refusal::kNone) {
    const bool too_many = registration.refusal == EventClassRegistry::Refusal::kTooMany;
    result.Set("refusal", Text(env, too_many ? "TOO_MANY" : "OTHER_FIELDS"));
    result.Set("refused", Napi::Number::New(env, static_cast<double>(registration.refused)));
    return result;
  }
  auto event_classes = Napi::Array::New(env, registration.event_classes.size());
  for (uint32_t i = 0; i < registration.event_classes.size(); ++i) {
    event_classes.Set(i, EventClassObject(env, *registration.event_classes[i]));
  }
  result.Set("eventClasses", event_classes);
  return result;
}

Napi::Value NativeRuntime::InternLabel(const Napi::CallbackInfo& info) {
  LabelTable& labels = LabelsOf(info, runtime_->event_classes());
  return Napi::Number::New(info.Env(), labels.Intern(Utf8(info[2])));
}

Napi::Value NativeRuntime::KnownLabels(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const EventClassRegistry& event_classes = runtime_->event_classes();
  const LabelTable& labels = LabelsOf(info, event_classes);
  if (!labels.full()) return env.Undefined();
  const std::vector<uint32_t> ids = labels.ids();
  auto known = Napi::Array::New(env, ids.size());
  for (uint32_t i = 0; i < ids.size(); ++i) {
    const std::string_view text = event_classes.strings().Text(ids[i]);
    auto entry = Napi::Array::New(env, 2);
    entry.Set(0u, Text(env, text));
    entry.Set(1u, Napi::Number::New(env, ids[i]));
    known.Set(i, entry);
  }
  return known;
}

template <typename Produce>
Napi::Value NativeRuntime::WithRing(const Napi::CallbackInfo& info, Napi::TypedArray ring,
                                    const std::shared_ptr<Recorder>& recorder, bool hold,
                                    Produce&& produce) {
  const Napi::Env env = info.Env();
  std::byte* const memory = MemoryOf(ring);
  if (ring.ElementLength() * sizeof(int32_t) < RingLayout::Bytes(recorder->queue_max_size())) {
    throw Napi::RangeError::New(env, "the ring's memory is too small");
  }
  Environment& environment = Environment::Of(env);
  try {
    // All that may be refused comes first: once it produces, the recorder has its place.
    std::optional<Runtime::HeldStart> held;
    if (hold) held.emplace(runtime_->HoldStart(recorder));
    const Napi::Object handle = NativeRecorder::New(env, runtime_, recorder, std::move(held));
    if (attached_) environment.Join(runtime_);
    environment.HoldRing(recorder, runtime_.get(), ring, memory);
    const Status failure = produce(memory);
    if (!failure.has_value()) return ValueResult(env, handle);
    environment.ReleaseMemory(memory);
    return FailureResult(env, *failure);
  } catch (const std::bad_alloc&) {
  } catch (const Napi::Error&) {  // as which a std::bad_alloc comes out of the handle's constructor
  }
  environment.ReleaseMemory(memory);
  return FailureResult(env, {.kind = Failure::Kind::kOutOfMemory});
}

Napi::Value NativeRuntime::CreateRecorder(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::Of(info.Env());
  std::shared_ptr<Recorder> recorder;
  try {
    recorder = std::make_shared<Recorder>(Utf8(info[0]), info[1].As<Napi::Number>().Uint32Value(),
                                          Recorder::Origin{.serial = runtime_->NextSerial(),
                                                           .attributes = Utf8(info[3]),
                                                           .creator = &environment,
                                                           .families = runtime_->families(),
                                                           .name_space = Utf8(info[6]),
                                                           .entity_id = Utf8(info[7])});
    if (info[5].ToBoolean()) {
      const auto send = [signal = environment.Signal()] {
        if (signal != nullptr) signal->Send();
      };
      recorder->NotifyStops(send);
      recorder->NotifyCreatorsReader(send);
    }
  } catch (const std::bad_alloc&) {
    return FailureResult(info.Env(), {.kind = Failure::Kind::kOutOfMemory});
  }
  const bool hold = info[4].ToBoolean();
  return WithRing(info, info[2].As<Napi::TypedArray>(), recorder, hold, [&](std::byte* ring) {
    return hold ? runtime_->BeginCreation(recorder, ring)
                : runtime_->CreateRecorder(recorder, ring);
  });
}

Napi::Value NativeRuntime::OpenRecorder(const Napi::CallbackInfo& info) {
  const auto result = runtime_->FindRecorder(Utf8(info[0]));
  if (const auto* failure = std::get_if<Failure>(&result)) {
    return FailureResult(info.Env(), *failure);
  }
  const auto& recorder = std::get<Runtime::RecorderPtr>(result);
  return WithRing(info, info[1].As<Napi::TypedArray>(), recorder, false, [&](std::byte* ring) {
    return runtime_->AttachRing(recorder, ring, &Environment::Of(info.Env()));
  });
}

Napi::Value NativeRuntime::FindRecorder(const Napi::CallbackInfo& info) {
  const auto result = runtime_->FindRecorder(Utf8(info[0]));
  if (const auto* failure = std::get_if<Failure>(&result)) {
    return FailureResult(info.Env(), *failure);
  }
  return ValueResult(info.Env(), ToJs(info.Env(), *std::get<Runtime::RecorderPtr>(result)));
}

Napi::Value NativeRuntime::ListRecorderIds(const Napi::CallbackInfo& info) {
  const auto result = runtime_->RecorderIds();
  if (const auto* failure = std::get_if<Failure>(&result)) {
    return FailureResult(info.Env(), *failure);
  }
  return ValueResult(info.Env(),
                     StringArray(info.Env(), std::get<std::vector<std::string>>(result)));
}

Napi::Value NativeRuntime::StopRecorder(const Napi::CallbackInfo& info) {
  return ToJs(info.Env(), runtime_->StopRecorder(Utf8(info[0])));
}

Napi::Value NativeRuntime::StopAndRemoveRecorder(const Napi::CallbackInfo& info) {
  const Runtime::Removal removal = runtime_->StopAndRemoveRecorder(Utf8(info[0]));
  if (removal.let_go) Environment::Of(info.Env()).ReleaseMemoryOf(removal.recorder.get());
  auto object = Napi::Object::New(info.Env());
  if (removal.recorder != nullptr) {
    object.Set("removed", NativeRecorder::New(info.Env(), runtime_, removal.recorder));
  }
  if (removal.failure.has_value()) object.Set("failure", ToJs(info.Env(), *removal.failure));
  return object;
}

Napi::Value NativeRuntime::Render(const Napi::CallbackInfo& info) {
  return NativeOperation::OfRender(info, *runtime_, nullptr);
}

}  // namespace metrics_runtime
