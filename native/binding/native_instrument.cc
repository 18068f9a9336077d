#include "binding/native_instrument.h"

#include <string>
#include <utility>
#include <vector>

#include "binding/conversions.h"
#include "binding/environment.h"

namespace metrics_runtime {

Napi::Function NativeInstrument::Define(Napi::Env env) {
  return DefineClass(env, "NativeInstrument",
                     {
                         InstanceMethod<&NativeInstrument::AddSlots>("addSlots"),
                         InstanceMethod<&NativeInstrument::NextSequence>("nextSequence"),
                     });
}

Napi::Object NativeInstrument::New(Napi::Env env, std::shared_ptr<Instrument> instrument) {
  const auto external = Napi::External<std::shared_ptr<Instrument>>::New(env, &instrument);
  return Environment::Of(env).native_instrument.New({external});
}

NativeInstrument::NativeInstrument(const Napi::CallbackInfo& info)
    : ObjectWrap(info),
      instrument_(std::move(*info[0].As<Napi::External<std::shared_ptr<Instrument>>>().Data())) {}

Napi::Value NativeInstrument::AddSlots(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto chunk = info[1].As<Napi::TypedArray>();
  const size_t first = info[2].As<Napi::Number>().Uint32Value();
  if (first + instrument_->definition().meaning.width() > chunk.ElementLength()) {
    throw Napi::RangeError::New(env, "there are no such slots");
  }
  const auto* const slots = reinterpret_cast<const double*>(MemoryOf(chunk)) + first;
  const void* const thread = &Environment::Of(env);
  const Instrument::Added added = info[0].IsUndefined()
                                      ? instrument_->AddOverflowSlots(slots, thread)
                                      : instrument_->AddSlots(Utf8Array(info[0]), slots, thread);
  return Napi::Number::New(env, static_cast<uint32_t>(added));
}

Napi::Value NativeInstrument::NextSequence(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), instrument_->NextSequence());
}

InstrumentDefinition ReadInstrumentDefinition(const Napi::Object& definition) {
  const auto number = [&](const char* name) {
    return definition.Get(name).As<Napi::Number>().Uint32Value();
  };
  std::vector<double> bounds;
  const auto given = definition.Get("buckets").As<Napi::Array>();
  for (uint32_t i = 0; i < given.Length(); ++i) {
    bounds.push_back(given.Get(i).As<Napi::Number>().DoubleValue());
  }
  return {.name = Utf8(definition.Get("name")),
          .fingerprint = Utf8(definition.Get("fingerprint")),
          .labels = Utf8Array(definition.Get("labels")),
          .max_series = number("maxSeries"),
          .meaning =
              SlotMeaning(static_cast<SlotMeaning::Kind>(number("kind")),
                          static_cast<SlotMeaning::Combine>(number("combine")), std::move(bounds)),
          .observed = definition.Get("observed").ToBoolean()};
}

}  // namespace metrics_runtime
