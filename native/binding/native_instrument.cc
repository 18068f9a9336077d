#include "binding/native_instrument.h"

#include <algorithm>
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
                         InstanceMethod<&NativeInstrument::RemoveSlots>("removeSlots"),
                         InstanceMethod<&NativeInstrument::SetBuckets>("setBuckets"),
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

namespace {

// Throws RangeError.
const double* SlotsAt(const Napi::Value& chunk_value, uint32_t first, size_t width) {
  const auto chunk = chunk_value.As<Napi::TypedArray>();
  if (first + width > chunk.ElementLength()) {
    throw Napi::RangeError::New(chunk.Env(), "there are no such slots");
  }
  return reinterpret_cast<const double*>(MemoryOf(chunk)) + first;
}

}  // namespace

Napi::Value NativeInstrument::AddSlots(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const double* const slots = SlotsAt(info[1], info[2].As<Napi::Number>().Uint32Value(),
                                      instrument_->definition().meaning.width());
  const void* const thread = &Environment::Of(env);
  const Instrument::Added added = info[0].IsUndefined()
                                      ? instrument_->AddOverflowSlots(slots, thread)
                                      : instrument_->AddSlots(Utf8Array(info[0]), slots, thread);
  return Napi::Number::New(env, static_cast<uint32_t>(added));
}

Napi::Value NativeInstrument::RemoveSlots(const Napi::CallbackInfo& info) {
  const double* const slots = SlotsAt(info[0], info[1].As<Napi::Number>().Uint32Value(),
                                      instrument_->definition().meaning.width());
  return Napi::Boolean::New(info.Env(), instrument_->RemoveSlots(slots));
}

Napi::Value NativeInstrument::SetBuckets(const Napi::CallbackInfo& info) {
  const SlotMeaning& meaning = instrument_->definition().meaning;
  const double* const slots =
      SlotsAt(info[0], info[1].As<Napi::Number>().Uint32Value(), meaning.width());
  ExponentialSlots buckets;
  buckets.scale = info[2].As<Napi::Number>().Int32Value();
  const auto sides = info[3].As<Napi::Array>();
  for (uint32_t i = 0; i < buckets.sides.size(); ++i) {
    const auto side = sides.Get(i).As<Napi::Object>();
    const auto number = [&](const char* name) { return side.Get(name).As<Napi::Number>(); };
    const uint32_t size = number("size").Uint32Value();
    if (size == 0) continue;
    const double* const counts = SlotsAt(side.Get("chunk"), number("first").Uint32Value(), size);
    buckets.sides[i] = {.first = number("base").Int32Value(), .size = size, .counts = counts};
  }
  const auto exists = [&](const ExponentialSlots::Side& side) {
    return side.size <= meaning.max_size() && side.first >= -kMostExponentialIndex &&
           side.first <= kMostExponentialIndex;
  };
  if (!std::ranges::all_of(buckets.sides, exists) || buckets.scale < kMinExponentialScale ||
      buckets.scale > kMaxExponentialScale) {
    throw Napi::RangeError::New(info.Env(), "there are no such buckets");
  }
  return Napi::Boolean::New(info.Env(), instrument_->SetBuckets(slots, buckets));
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
          .expire_after_ms = number("expireAfterMs"),
          .meaning = SlotMeaning({.kind = static_cast<SlotMeaning::Kind>(number("kind")),
                                  .combine = static_cast<SlotMeaning::Combine>(number("combine")),
                                  .bounds = std::move(bounds),
                                  .max_size = number("maxSize")}),
          .observed = definition.Get("observed").ToBoolean(),
          .monotonic = definition.Get("monotonic").ToBoolean(),
          .help = Utf8(definition.Get("help")),
          .unit = Utf8(definition.Get("unit"))};
}

}  // namespace metrics_runtime
