// The JavaScript handle on a Runtime. JavaScript thread; the calls that block say so in
// runtime/runtime.h.
#pragma once

#include <napi.h>

#include <memory>

#include "runtime/runtime.h"

namespace metrics_runtime {

class NativeRuntime final : public Napi::ObjectWrap<NativeRuntime> {
 public:
  [[nodiscard]] static Napi::Function Define(Napi::Env env);

  // new NativeRuntime(namespace: string); from Attach with an External<std::shared_ptr<Runtime>>.
  explicit NativeRuntime(const Napi::CallbackInfo& info);

  // attachRuntime(token: string): { runtime?: NativeRuntime, attributes: string }. A handle on the
  // runtime that was shared under the token; none when it is gone.
  static Napi::Value Attach(const Napi::CallbackInfo& info);

 private:
  // state(): number
  Napi::Value State(const Napi::CallbackInfo& info);
  // start(): NativeFailure | undefined
  Napi::Value Start(const Napi::CallbackInfo& info);
  // shutdown(): NativeFailure | undefined
  Napi::Value Shutdown(const Napi::CallbackInfo& info);
  // failClosed(): void
  void FailClosed(const Napi::CallbackInfo& info);
  // flush(): void
  void Flush(const Napi::CallbackInfo& info);
  // wake(): void
  void Wake(const Napi::CallbackInfo& info);
  // share(attributes: string): string. The token.
  Napi::Value Share(const Napi::CallbackInfo& info);
  // stats(): NativeRuntimeStats
  Napi::Value Stats(const Napi::CallbackInfo& info);
  // owns(recorder: NativeRecorder): boolean
  Napi::Value Owns(const Napi::CallbackInfo& info);
  // registerEventClasses(declarations: NativeEventDeclaration[]): NativeEventRegistration
  Napi::Value RegisterEventClasses(const Napi::CallbackInfo& info);
  // internLabel(eventClassId: number, field: number, value: string): number
  Napi::Value InternLabel(const Napi::CallbackInfo& info);
  // knownLabels(eventClassId: number, field: number): string[] | undefined
  Napi::Value KnownLabels(const Napi::CallbackInfo& info);
  // createRecorder(id: string, queueMaxSize: number, ring: Int32Array, attributes: string,
  // hold: boolean, signalStops: boolean, namespace: string, entityId: string):
  // NativeResult<NativeRecorder>. `hold`: STARTING, until its finishCreation or abandonCreation.
  Napi::Value CreateRecorder(const Napi::CallbackInfo& info);
  // openRecorder(id: string, ring: Int32Array): NativeResult<NativeRecorder>. For a thread that has
  // no ring of its own in it.
  Napi::Value OpenRecorder(const Napi::CallbackInfo& info);
  // findRecorder(id: string): NativeResult<NativeRecorderOrigin>
  Napi::Value FindRecorder(const Napi::CallbackInfo& info);
  // listRecorderIds(): NativeResult<string[]>
  Napi::Value ListRecorderIds(const Napi::CallbackInfo& info);
  // stopRecorder(id: string): NativeFailure | undefined
  Napi::Value StopRecorder(const Napi::CallbackInfo& info);
  // stopAndRemoveRecorder(id: string): { removed?: NativeRecorder, failure?: NativeFailure }
  Napi::Value StopAndRemoveRecorder(const Napi::CallbackInfo& info);
  // render(format: number, gzip: boolean, observed: boolean): NativeOperation
  Napi::Value Render(const Napi::CallbackInfo& info);

  // Makes the recorder of a ring in our environment: all that may be refused, then `produce`.
  template <typename Produce>
  Napi::Value WithRing(const Napi::CallbackInfo& info, Napi::TypedArray ring,
                       const std::shared_ptr<Recorder>& recorder, bool hold, Produce&& produce);

  const std::shared_ptr<Runtime> runtime_;
  const bool attached_;  // made by another environment
};

}  // namespace metrics_runtime
