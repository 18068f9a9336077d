#include "binding/native_operation.h"

#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <thread>
#include <utility>

#include "binding/conversions.h"
#include "binding/environment.h"

namespace metrics_runtime {

Napi::Function NativeOperation::Define(Napi::Env env) {
  return DefineClass(env, "NativeOperation",
                     {
                         InstanceMethod<&NativeOperation::Wait>("wait"),
                         InstanceMethod<&NativeOperation::Same>("same"),
                         InstanceMethod<&NativeOperation::SignalWhenSettled>("signalWhenSettled"),
                         InstanceMethod<&NativeOperation::TakeBytes>("takeBytes"),
                     });
}

Napi::Object NativeOperation::New(Napi::Env env) {
  return Environment::Of(env).native_operation.New({});
}

Napi::Value NativeOperation::OfRender(const Napi::CallbackInfo& info, Runtime& runtime,
                                      std::shared_ptr<Recorder> recorder) {
  const Napi::Env env = info.Env();
  const Napi::Object handle = New(env);
  const auto format = static_cast<ExpositionFormat>(info[0].As<Napi::Number>().Uint32Value());
  try {
    Unwrap(handle)->Set(runtime.BeginRender(
        {.format = format, .gzip = info[1].ToBoolean(), .recorder = std::move(recorder)},
        &Environment::Of(env)));
  } catch (const std::bad_alloc&) {
    throw Napi::Error::New(env, "the native side is out of memory");
  }
  return handle;
}

Napi::Value NativeOperation::Wait(const Napi::CallbackInfo& info) {
  const double limit_ms = info[0].As<Napi::Number>().DoubleValue();
  const uint64_t limit_ns = limit_ms == std::numeric_limits<double>::infinity()
                                ? UvCondition::kForever
                                : static_cast<uint64_t>(limit_ms * 1e6);
  if (!operation_->Wait(limit_ns)) return Napi::Boolean::New(info.Env(), false);
  return ToJs(info.Env(), operation_->failure());
}

Napi::Value NativeOperation::Same(const Napi::CallbackInfo& info) {
  const auto* other = Unwrap(info[0].As<Napi::Object>());
  return Napi::Boolean::New(info.Env(), other->operation_ == operation_);
}

void NativeOperation::SignalWhenSettled(const Napi::CallbackInfo& info) {
  std::shared_ptr<LoopSignal> signal = Environment::Of(info.Env()).Signal();
  if (signal == nullptr) throw Napi::Error::New(info.Env(), "the system refused a loop handle");
  operation_->SendWhenSettled(std::move(signal));
}

namespace {

// On a thread of its own where it is large: to give 150 MB back to the system takes tens of
// milliseconds, in which the JavaScript thread would stand still.
void FreeElsewhere(void* bytes, size_t size) noexcept {
  constexpr size_t kLarge = size_t{1} << 20;
  if (size >= kLarge) {
    try {
      std::thread([bytes] { std::free(bytes); }).detach();
      return;
    } catch (...) {  // no thread: then here
    }
  }
  std::free(bytes);
}

}  // namespace

Napi::Value NativeOperation::TakeBytes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (job_ == nullptr) throw Napi::Error::New(env, "there are no bytes to take");
  RenderedBytes rendered = job_->TakeBytes();
  job_.reset();
  char* const bytes = rendered.bytes.get();
  try {
    // The block itself: copying it would hold up the loop.
    const size_t size = rendered.size;
    auto buffer = Napi::ArrayBuffer::New(
        env, bytes, size, [size](Napi::Env, void* data) { FreeElsewhere(data, size); });
    (void)rendered.bytes.release();
    return buffer;
  } catch (const Napi::Error&) {
    // There is no memory of others' where V8 has its sandbox.
    auto buffer = Napi::ArrayBuffer::New(env, rendered.size);
    std::memcpy(buffer.Data(), bytes, rendered.size);
    return buffer;
  }
}

}  // namespace metrics_runtime
