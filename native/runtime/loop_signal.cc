#include "runtime/loop_signal.h"

#include <utility>

namespace metrics_runtime {

std::shared_ptr<LoopSignal> LoopSignal::Open(uv_loop_t* loop, std::function<void()> receive) {
  std::shared_ptr<LoopSignal> signal(new LoopSignal(std::move(receive)));
  const int error = uv_async_init(loop, &signal->async_, [](uv_async_t* handle) {
    static_cast<LoopSignal*>(handle->data)->receive_();
  });
  if (error != 0) return nullptr;
  signal->async_.data = signal.get();
  uv_unref(reinterpret_cast<uv_handle_t*>(&signal->async_));
  signal->held_by_libuv_ = signal;
  signal->open_ = true;
  return signal;
}

void LoopSignal::Send() noexcept {
  const UvLock lock(mutex_);
  if (open_) uv_async_send(&async_);
}

void LoopSignal::Close(std::function<void()> closed) noexcept {
  {
    const UvLock lock(mutex_);
    open_ = false;
  }
  closed_ = std::move(closed);
  uv_close(reinterpret_cast<uv_handle_t*>(&async_), [](uv_handle_t* handle) {
    // The last reference may be this one.
    const auto self = std::move(static_cast<LoopSignal*>(handle->data)->held_by_libuv_);
    self->closed_();
  });
}

}  // namespace metrics_runtime
