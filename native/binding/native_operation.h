// The JavaScript handle on an Operation, and on the exposition that it may be. JavaScript thread;
// Wait blocks it.
#pragma once

#include <napi.h>

#include <memory>
#include <utility>

#include "runtime/operation.h"
#include "runtime/render_job.h"
#include "runtime/runtime.h"

namespace metrics_runtime {

class NativeOperation final : public Napi::ObjectWrap<NativeOperation> {
 public:
  [[nodiscard]] static Napi::Function Define(Napi::Env env);
  // A handle on nothing yet: Set follows before JavaScript gets it.
  [[nodiscard]] static Napi::Object New(Napi::Env env);
  void Set(std::shared_ptr<Operation> operation) noexcept { operation_ = std::move(operation); }
  void Set(std::shared_ptr<RenderJob> job) noexcept {
    operation_ = job->operation();
    job_ = std::move(job);
  }

  // What `render(format: number, gzip: boolean, observed: boolean)` of a runtime and of a recorder
  // gives.
  [[nodiscard]] static Napi::Value OfRender(const Napi::CallbackInfo& info, Runtime& runtime,
                                            std::shared_ptr<Recorder> recorder);

  // Called by New alone.
  explicit NativeOperation(const Napi::CallbackInfo& info) : ObjectWrap(info) {}
  // An exposition whose handle goes before it is there is given up.
  ~NativeOperation() override { GiveUpRender(); }

 private:
  // wait(limitMs: number): false (not settled) | NativeFailure | undefined (succeeded)
  Napi::Value Wait(const Napi::CallbackInfo& info);

  // same(other: NativeOperation): boolean
  Napi::Value Same(const Napi::CallbackInfo& info);
  // signalWhenSettled(): void
  void SignalWhenSettled(const Napi::CallbackInfo& info);
  // takeBytes(): ArrayBuffer, once it has settled without a failure; once
  Napi::Value TakeBytes(const Napi::CallbackInfo& info);
  // giveUp(): void. Of an exposition: nobody waits for it any more.
  void GiveUp(const Napi::CallbackInfo& info);

  void GiveUpRender() noexcept {
    if (job_ != nullptr) job_->GiveUp();
    job_.reset();
  }

  std::shared_ptr<Operation> operation_;
  std::shared_ptr<RenderJob> job_;  // of an exposition
};

}  // namespace metrics_runtime
