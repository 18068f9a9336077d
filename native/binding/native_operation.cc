#include "binding/native_operation.h"

#include <cstdint>
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
                         InstanceMethod<&NativeOperation::GiveUp>("giveUp"),
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
  const void* const observed = info[2].ToBoolean() ? &Environment::Of(env) : nullptr;
  try {
    Unwrap(handle)->Set(runtime.BeginRender(
        {.format = format, .gzip = info[1].ToBoolean(), .recorder = std::move(recorder)},
        observed));
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
  // Inside what it has observed only while it is blocked.
  const bool settled = job_ != nullptr && limit_ns != 0
                           ? job_->Wait(&Environment::Of(info.Env()), limit_ns)
                           : operation_->Wait(limit_ns);
  if (!settled) return Napi::Boolean::New(info.Env(), false);
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

void NativeOperation::GiveUp(const Napi::CallbackInfo&) { GiveUpRender(); }

namespace {

// On Linux, on a thread of its own where it is large: to give 150 MB back to the system takes tens
// of milliseconds, in which the JavaScript thread would stand still. Elsewhere a worker that ends
// may unload the addon, and that thread would have no code left.
void FreeElsewhere(void* bytes, [[maybe_unused]] size_t size) noexcept {
#if defined(__linux__)
  constexpr size_t kLarge = size_t{1} << 20;
  if (size >= kLarge) {
    try {
      std::thread([bytes] { std::free(bytes); }).detach();
      return;
    } catch (...) {  // no thread: then here
    }
  }
#endif
  std::free(bytes);
}

// The size is in the hint: a pointer to it would need memory of its own.
void FreeExternal(napi_env, void* bytes, void* size) {
  FreeElsewhere(bytes, reinterpret_cast<uintptr_t>(size));
}

}  // namespace

Napi::Value NativeOperation::TakeBytes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (job_ == nullptr) throw Napi::Error::New(env, "there are no bytes to take");
  RenderedBytes rendered = job_->TakeBytes();
  job_.reset();
  // The block itself: copying it would hold up the loop.
  napi_value buffer = nullptr;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a number where Node-API has room for a pointer alone
  auto* const hint = reinterpret_cast<void*>(static_cast<uintptr_t>(rendered.size));
  const napi_status status = napi_create_external_arraybuffer(
      env, rendered.bytes.get(), rendered.size, FreeExternal, hint, &buffer);
  if (status == napi_no_external_buffers_allowed) {  // where V8 has its sandbox
    auto copy = Napi::ArrayBuffer::New(env, rendered.size);
    std::memcpy(copy.Data(), rendered.bytes.get(), rendered.size);
    return copy;
  }
  // Whatever else it says: one that is larger than buffers may be has been freed by then.
  (void)rendered.bytes.release();
  NAPI_THROW_IF_FAILED(env, status, Napi::Value());
  return {env, buffer};
}

}  // namespace metrics_runtime
