// The JavaScript handle on an Instrument. JavaScript thread.
#pragma once

#include <napi.h>

#include <memory>

#include "core/instrument.h"

namespace metrics_runtime {

class NativeInstrument final : public Napi::ObjectWrap<NativeInstrument> {
 public:
  [[nodiscard]] static Napi::Function Define(Napi::Env env);
  [[nodiscard]] static Napi::Object New(Napi::Env env, std::shared_ptr<Instrument> instrument);

  // Called by New alone, with an External<std::shared_ptr<Instrument>>.
  explicit NativeInstrument(const Napi::CallbackInfo& info);

 private:
  // addSlots(labels: string[] | undefined, chunk: Float64Array, first: number): 0 | 1 | 2
  Napi::Value AddSlots(const Napi::CallbackInfo& info);
  // removeSlots(chunk: Float64Array, first: number): boolean
  Napi::Value RemoveSlots(const Napi::CallbackInfo& info);
  // setBuckets(chunk: Float64Array, first: number, scale: number, buckets: NativeBuckets[2]):
  // boolean
  Napi::Value SetBuckets(const Napi::CallbackInfo& info);
  // nextSequence(): number
  Napi::Value NextSequence(const Napi::CallbackInfo& info);

  std::shared_ptr<Instrument> instrument_;
};

// From a NativeInstrumentDefinition of src/native/boundary.ts.
[[nodiscard]] InstrumentDefinition ReadInstrumentDefinition(const Napi::Object& definition);

}  // namespace metrics_runtime
