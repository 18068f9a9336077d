#include "binding/environment.h"

#include <algorithm>
#include <utility>

#include "binding/native_instrument.h"
#include "binding/native_operation.h"
#include "binding/native_recorder.h"
#include "binding/native_runtime.h"
#include "core/aggregation/exponential_index.h"
#include "core/ring_layout.h"
#include "core/thread_reader.h"
#include "runtime/process_barrier.h"

namespace metrics_runtime {

namespace {

Napi::Object RingLayoutObject(Napi::Env env) {
  auto layout = Napi::Object::New(env);
  const auto set = [&](const char* name, size_t value) {
    layout.Set(name, Napi::Number::New(env, static_cast<double>(value)));
  };
  set("tailOffset", RingLayout::kTailOffset);
  set("busyOffset", RingLayout::kBusyOffset);
  set("droppedOffset", RingLayout::kDroppedOffset);
  set("invalidOffset", RingLayout::kInvalidOffset);
  set("takenOffset", RingLayout::kTakenOffset);
  set("handledOffset", RingLayout::kHandledOffset);
  set("readingOffset", RingLayout::kReadingOffset);
  set("headOffset", RingLayout::kHeadOffset);
  set("stateOffset", RingLayout::kStateOffset);
  set("withheldOffset", RingLayout::kWithheldOffset);
  set("sharedOffset", RingLayout::kSharedOffset);
  set("wakeOffset", RingLayout::kWakeOffset);
  set("recordsOffset", RingLayout::kRecordsOffset);
  set("wordBytes", RingLayout::kWordBytes);
  set("maxRecordWords", RingLayout::kMaxRecordWords);
  return layout;
}

}  // namespace

Environment::Environment(Napi::Env env, Napi::Object exports) : env_(env) {
  napi_add_env_cleanup_hook(env, &Environment::CleanUp, this);
  native_recorder = Napi::Persistent(NativeRecorder::Define(env));
  native_operation = Napi::Persistent(NativeOperation::Define(env));
  native_instrument = Napi::Persistent(NativeInstrument::Define(env));
  const Napi::Function native_runtime_class = NativeRuntime::Define(env);
  native_runtime = Napi::Persistent(native_runtime_class);
  exports.Set("version", Napi::String::New(env, METRICS_RUNTIME_VERSION));
  exports.Set("NativeRuntime", native_runtime_class);
  exports.Set("ringLayout", RingLayoutObject(env));
  // Where there is none, producers pay for sequentially consistent stores.
  exports.Set("hasProcessBarrier", Napi::Boolean::New(env, HasProcessBarrier()));
  // attachRuntime(token: string): { runtime?: NativeRuntime, attributes: string }
  exports.Set("attachRuntime", Napi::Function::New(env, &NativeRuntime::Attach));
  // onSignal(listener: () => void): void
  exports.Set("onSignal", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                Of(info.Env()).listeners_.push_back(Napi::Persistent(info[0].As<Napi::Function>()));
              }));
  // exponentialBounds(): Float64Array
  exports.Set("exponentialBounds", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                auto bounds = Napi::Float64Array::New(info.Env(), kExponentialBounds);
                CopyExponentialBounds(bounds.Data());
                return Napi::Value(bounds);
              }));
  // The floor of every call into this addon; the benchmarks measure it.
  exports.Set("emptyCall", Napi::Function::New(env, [](const Napi::CallbackInfo&) {}));
}

void Environment::CleanUp(void* environment) {
  auto* self = static_cast<Environment*>(environment);
  // E4
  for (const auto& [at, held] : self->held_) {
    if (!held.words.has_value()) continue;
    held.words->StoreRelease(RingWord::kBusy, 0);
    ThreadReader::End(*held.words);
    held.recorder->observers().Remove(self);
  }
  for (const auto& [weak, farewell] : self->runtimes_) {  // E1
    const auto runtime = weak.lock();
    if (runtime == nullptr) continue;
    if (farewell == nullptr) {
      runtime->EndWithEnvironment();
    } else {
      runtime->LetGoOf(farewell);
    }
  }
  self->runtimes_.clear();
}

std::shared_ptr<LoopSignal> Environment::Signal() {
  if (signal_ != nullptr) return signal_;
  uv_loop_s* loop = nullptr;
  NAPI_THROW_IF_FAILED(env_, napi_get_uv_event_loop(env_, &loop), nullptr);
  signal_ = LoopSignal::Open(loop, [this] { CallListeners(); });
  if (signal_ == nullptr) return nullptr;
  if (napi_add_async_cleanup_hook(env_, &Environment::CloseSignal, this, nullptr) !=
      napi_ok) {  // E5
    std::exchange(signal_, nullptr)->Close([] {});
  }
  return signal_;
}

void Environment::CloseSignal(napi_async_cleanup_hook_handle hook, void* environment) {
  auto* self = static_cast<Environment*>(environment);
  const std::shared_ptr<LoopSignal> signal = std::exchange(self->signal_, nullptr);
  signal->Close([hook] { napi_remove_async_cleanup_hook(hook); });
}

void Environment::CallListeners() noexcept {
  for (const Napi::FunctionReference& listener : listeners_) {
    try {
      const Napi::HandleScope scope(env_);
      listener.MakeCallback(env_.Global(), std::initializer_list<napi_value>{});
    } catch (...) {
      // The environment is about to end; what the listener does itself, it catches.
    }
  }
}

void Environment::Adopt(const std::shared_ptr<Runtime>& runtime) {
  std::erase_if(runtimes_, [](const Joined& joined) { return joined.runtime.expired(); });
  runtimes_.push_back({runtime, nullptr});
}

void Environment::Join(const std::shared_ptr<Runtime>& runtime) {
  std::erase_if(runtimes_, [](const Joined& joined) { return joined.runtime.expired(); });
  const auto is_it = [&](const Joined& joined) { return joined.runtime.lock() == runtime; };
  if (std::ranges::any_of(runtimes_, is_it)) return;
  runtimes_.push_back({runtime, runtime->MakeFarewell(this)});
}

void Environment::HoldRing(const std::shared_ptr<Recorder>& recorder, const Runtime* runtime,
                           const Napi::TypedArray& memory, std::byte* at) {
  Hold(at, {recorder, runtime, Napi::Persistent(memory), SharedRingWords(at)});
}

void Environment::HoldSlots(const std::shared_ptr<Recorder>& recorder, const Runtime* runtime,
                            const Napi::TypedArray& memory, std::byte* at) {
  Hold(at, {recorder, runtime, Napi::Persistent(memory), std::nullopt});
}

void Environment::Hold(const std::byte* at, HeldMemory held) {
  // Recorders that another thread has removed meanwhile.
  std::erase_if(held_, [](const auto& entry) { return entry.second.recorder->let_go(); });
  Napi::TypedArray memory = held.memory.Value();
  const auto bytes = static_cast<int64_t>(memory.ByteLength());
  Napi::MemoryManagement::AdjustExternalMemory(env_, bytes);
  memory.AddFinalizer(
      [bytes](Napi::Env env, void*) { Napi::MemoryManagement::AdjustExternalMemory(env, -bytes); },
      static_cast<void*>(nullptr));
  held_.insert_or_assign(at, std::move(held));
}

void Environment::ReleaseMemory(const std::byte* at) { held_.erase(at); }

void Environment::ReleaseMemoryOf(const Recorder* recorder) {
  std::erase_if(held_,
                [recorder](const auto& entry) { return entry.second.recorder.get() == recorder; });
}

void Environment::ReleaseMemoryOf(const Runtime* runtime) {
  std::erase_if(held_, [runtime](const auto& entry) { return entry.second.runtime == runtime; });
}

}  // namespace metrics_runtime
