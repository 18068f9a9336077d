// An addon for the soak: what the C library's allocator has given out, in all of the process. Leaks
// show there to the byte; the size of the process also has what was freed and not given back. Linux
// with glibc.
#include <malloc.h>
#include <node_api.h>

namespace {

// inUse(): number, in bytes
napi_value InUse(napi_env env, napi_callback_info) {
  const struct mallinfo2 info = mallinfo2();
  napi_value bytes = nullptr;
  napi_create_double(env, static_cast<double>(info.uordblks + info.hblkhd), &bytes);
  return bytes;
}

// giveBack(): what is free goes back to the system
napi_value GiveBack(napi_env, napi_callback_info) {
  malloc_trim(0);
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value function = nullptr;
  napi_create_function(env, "inUse", NAPI_AUTO_LENGTH, InUse, nullptr, &function);
  napi_set_named_property(env, exports, "inUse", function);
  napi_create_function(env, "giveBack", NAPI_AUTO_LENGTH, GiveBack, nullptr, &function);
  napi_set_named_property(env, exports, "giveBack", function);
  return exports;
}
