// Everything this addon keeps for one JavaScript environment (the main thread or one worker): the
// instance data of the addon. There are no mutable statics.
//
// Threads: the environment's own, throughout.
//
// Lifetime rules:
//  E1  A runtime's thread reads ring memory that belongs to this environment. Our clean-up hook
//      runs before the environment frees anything (hooks run in reverse order of registration, and
//      ours comes after Node's own, which deletes this object); it ends every runtime made here and
//      waits until the thread has let go.
//  E2  Hooks do not run on `process.exit()` of the main thread. Nothing is freed there either: the
//      thread dies with the process.
//  E3  A ring's memory is held from here until the runtime says that it has let go of it.
//  E4  The producers of the rings held here run on the environment's thread, and so do the metrics
//      that read them again and the callbacks of observable gauges. When it ends none of them runs
//      any more, wherever it was interrupted, so nobody is to wait for it.
//  E5  Node's loop must not find our handle open when it is closed itself: an asynchronous clean-up
//      hook closes it, and Node waits for that.
#pragma once

#include <napi.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/recorder.h"
#include "core/ring_words.h"
#include "runtime/loop_signal.h"
#include "runtime/runtime.h"

namespace metrics_runtime {

class Environment final : public Napi::Addon<Environment> {
 public:
  Environment(Napi::Env env, Napi::Object exports);

  [[nodiscard]] static Environment& Of(Napi::Env env) {
    return *env.GetInstanceData<Environment>();
  }

  // E1: a runtime made here is ended with the environment, should it still run then; one made
  // elsewhere only lets go of what is ours.
  void Adopt(const std::shared_ptr<Runtime>& runtime);
  void Join(const std::shared_ptr<Runtime>& runtime);
  // E3. The engine is told of the memory's size, so that it collects what is no longer used: shared
  // memory it does not count by itself. `at`: where it is.
  void HoldRing(const std::shared_ptr<Recorder>& recorder, const Runtime* runtime,
                const Napi::TypedArray& memory, std::byte* at);
  void HoldSlots(const std::shared_ptr<Recorder>& recorder, const Runtime* runtime,
                 const Napi::TypedArray& memory, std::byte* at);
  void ReleaseMemory(const std::byte* at);
  void ReleaseMemoryOf(const Recorder* recorder);
  void ReleaseMemoryOf(const Runtime* runtime);

  // Brings this environment's thread a turn in which every listener is called; opened by the first
  // call. nullptr: the system refused.
  [[nodiscard]] std::shared_ptr<LoopSignal> Signal();

  Napi::FunctionReference native_runtime;
  Napi::FunctionReference native_recorder;
  Napi::FunctionReference native_operation;
  Napi::FunctionReference native_instrument;

 private:
  struct Joined {
    std::weak_ptr<Runtime> runtime;
    std::shared_ptr<Command> farewell;  // nullptr: made here
  };
  // NOLINTNEXTLINE(bugprone-exception-escape): a Napi::Reference may throw, and so may Hold
  struct HeldMemory {
    std::shared_ptr<Recorder> recorder;
    const Runtime* runtime;
    Napi::Reference<Napi::TypedArray> memory;
    std::optional<SharedRingWords> words;  // of a ring
  };

  static void CleanUp(void* environment);
  static void CloseSignal(napi_async_cleanup_hook_handle hook, void* environment);
  void CallListeners() noexcept;
  void Hold(const std::byte* at, HeldMemory held);

  const Napi::Env env_;
  std::vector<Joined> runtimes_;
  std::unordered_map<const std::byte*, HeldMemory> held_;  // by where it is
  std::shared_ptr<LoopSignal> signal_;
  std::vector<Napi::FunctionReference> listeners_;  // one for each copy of the library
};

}  // namespace metrics_runtime
