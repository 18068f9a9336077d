// Asks a JavaScript thread's own libuv loop for a turn, from any thread. It never keeps that loop
// alive.
//
// Threads. Open and Close on the loop's thread; Send on any.
//
// Lifetime. Shared by all who may send; libuv's handle lives in it, so it holds itself until libuv
// has let go of that. Close comes before the loop ends; what is sent afterwards is nothing.
#pragma once

#include <uv.h>

#include <functional>
#include <memory>

#include "runtime/uv_sync.h"

namespace metrics_runtime {

class LoopSignal : public std::enable_shared_from_this<LoopSignal> {
 public:
  // `receive` runs on the loop's thread, once for any number of signals sent before it. nullptr:
  // the system refused.
  [[nodiscard]] static std::shared_ptr<LoopSignal> Open(uv_loop_t* loop,
                                                        std::function<void()> receive);
  LoopSignal(const LoopSignal&) = delete;
  LoopSignal& operator=(const LoopSignal&) = delete;

  void Send() noexcept;
  // Once. `closed` runs on the loop's thread when libuv has let go of the handle.
  void Close(std::function<void()> closed) noexcept;

 private:
  explicit LoopSignal(std::function<void()> receive) : receive_(std::move(receive)) {}

  const std::function<void()> receive_;
  std::function<void()> closed_;               // the loop's thread
  std::shared_ptr<LoopSignal> held_by_libuv_;  // the loop's thread
  uv_async_t async_{};

  UvMutex mutex_;
  bool open_ = false;  // under mutex_; uv_async_send happens under it too
};

}  // namespace metrics_runtime
