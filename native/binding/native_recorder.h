// The JavaScript handle on a Recorder and the runtime it belongs to. JavaScript thread.
#pragma once

#include <napi.h>

#include <memory>
#include <optional>

#include "core/recorder.h"
#include "runtime/runtime.h"

namespace metrics_runtime {

class NativeRecorder final : public Napi::ObjectWrap<NativeRecorder> {
 public:
  [[nodiscard]] static Napi::Function Define(Napi::Env env);
  // `held`: the recorder is created in two steps.
  [[nodiscard]] static Napi::Object New(Napi::Env env, std::shared_ptr<Runtime> runtime,
                                        std::shared_ptr<Recorder> recorder,
                                        std::optional<Runtime::HeldStart> held = std::nullopt);

  // Called by New alone, with an External<Owned>.
  explicit NativeRecorder(const Napi::CallbackInfo& info);

  [[nodiscard]] bool IsOf(const Runtime& runtime) const noexcept {
    return owned_.runtime.get() == &runtime;
  }

 private:
  struct Owned {
    std::shared_ptr<Runtime> runtime;
    std::shared_ptr<Recorder> recorder;
    std::optional<Runtime::HeldStart> held;  // the start that a hook is part of
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
  // beginStart(): NativeBeginning. The first step of a start with a hook; see HeldStart.
  Napi::Value BeginStart(const Napi::CallbackInfo& info);
  // finishStart(): void
  void FinishStart(const Napi::CallbackInfo& info);
  // abandonStart(reason: string): void
  void AbandonStart(const Napi::CallbackInfo& info);
  // finishCreation(): NativeFailure | undefined
  Napi::Value FinishCreation(const Napi::CallbackInfo& info);
  // abandonCreation(reason: string): void
  void AbandonCreation(const Napi::CallbackInfo& info);
  // failStopped(reason: string): void
  void FailStopped(const Napi::CallbackInfo& info);
  // registerMetric(definition: NativeMetricDefinition): NativeFailure | undefined
  Napi::Value RegisterMetric(const Napi::CallbackInfo& info);
  // registerCustomMetric(name: string): NativeFailure | undefined
  Napi::Value RegisterCustomMetric(const Napi::CallbackInfo& info);
  // quarantine(name: string): void
  void Quarantine(const Napi::CallbackInfo& info);
  // quarantined(): string[]
  Napi::Value Quarantined(const Napi::CallbackInfo& info);
  // countHookFailure(): void
  void CountHookFailure(const Napi::CallbackInfo& info);
  // addInstrument(definition: NativeInstrumentDefinition): NativeResult<NativeInstrument>
  Napi::Value AddInstrument(const Napi::CallbackInfo& info);
  // holdSlots(slots: Float64Array): void
  void HoldSlots(const Napi::CallbackInfo& info);
  // isHandleOfSame(other: NativeRecorder): boolean
  Napi::Value IsHandleOfSame(const Napi::CallbackInfo& info);
  // addObserver(): void
  void AddObserver(const Napi::CallbackInfo& info);
  // observationAsked(): number
  Napi::Value ObservationAsked(const Napi::CallbackInfo& info);
  // observed(round: number): void
  void Observed(const Napi::CallbackInfo& info);
  // countObservationFailure(): void
  void CountObservationFailure(const Napi::CallbackInfo& info);
  // snapshots(observed: boolean): NativeResult<ArrayBuffer>
  Napi::Value Snapshots(const Napi::CallbackInfo& info);
  // render(format: number, gzip: boolean, observed: boolean): NativeOperation
  Napi::Value Render(const Napi::CallbackInfo& info);
  // stats(): NativeRecorderStats
  Napi::Value Stats(const Napi::CallbackInfo& info);

  void ReleaseIfLetGo(Napi::Env env);
  // What `begin` gives, on a handle that was made before it.
  template <typename Begin>
  [[nodiscard]] Napi::Value Beginning(Napi::Env env, Begin&& begin);

  Owned owned_;
};

}  // namespace metrics_runtime
