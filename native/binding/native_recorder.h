// The JavaScript handle on a Recorder and the runtime it belongs to. JavaScript thread.
#pragma once

#include <napi.h>

#include <memory>

#include "core/recorder.h"
#include "runtime/runtime.h"

namespace metrics_runtime {

class NativeRecorder final : public Napi::ObjectWrap<NativeRecorder> {
 public:
  [[nodiscard]] static Napi::Function Define(Napi::Env env);
  [[nodiscard]] static Napi::Object New(Napi::Env env, std::shared_ptr<Runtime> runtime,
                                        std::shared_ptr<Recorder> recorder);

  // Called by New alone, with an External<Owned>.
  explicit NativeRecorder(const Napi::CallbackInfo& info);

 private:
  struct Owned {
    std::shared_ptr<Runtime> runtime;
    std::shared_ptr<Recorder> recorder;
  };

  // origin(): NativeRecorderOrigin
  Napi::Value Origin(const Napi::CallbackInfo& info);
  // letGo(): boolean
  Napi::Value LetGo(const Napi::CallbackInfo& info);
  // stops(): number
  Napi::Value Stops(const Napi::CallbackInfo& info);
  // state(): number
  Napi::Value State(const Napi::CallbackInfo& info);
  // start(): NativeBeginning
  Napi::Value Start(const Napi::CallbackInfo& info);
  // stop(): NativeBeginning
  Napi::Value Stop(const Napi::CallbackInfo& info);
  // beginStart(): NativeBeginning
  Napi::Value BeginStart(const Napi::CallbackInfo& info);
  // finishStart(operation: NativeOperation): void
  void FinishStart(const Napi::CallbackInfo& info);
  // abandonStart(operation: NativeOperation, reason: string): void
  void AbandonStart(const Napi::CallbackInfo& info);
  // finishCreation(): NativeFailure | undefined
  Napi::Value FinishCreation(const Napi::CallbackInfo& info);
  // abandonCreation(reason: string): void
  void AbandonCreation(const Napi::CallbackInfo& info);
  // failStopped(reason: string): void
  void FailStopped(const Napi::CallbackInfo& info);
  // registerMetric(definition: NativeMetricDefinition): NativeFailure | undefined
  Napi::Value RegisterMetric(const Napi::CallbackInfo& info);
  // snapshots(): NativeResult<ArrayBuffer>
  Napi::Value Snapshots(const Napi::CallbackInfo& info);
  // stats(): NativeRecorderStats
  Napi::Value Stats(const Napi::CallbackInfo& info);

  Owned owned_;
};

}  // namespace metrics_runtime
