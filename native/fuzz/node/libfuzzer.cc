// libFuzzer for JavaScript: the native half of jazzer.js (@jazzer.js/fuzzer) over the libFuzzer of
// the clang at hand, since the binary which that package brings wants a younger glibc than Debian
// 12 has. The instrumented JavaScript counts its edges in buffers that are registered here, and
// tells of comparisons; scripts/fuzz/javascript-target.mjs is what uses it.
//
// Threads: `run` occupies the thread that calls it. Others may register and trace while that thread
// waits for them inside the callback.
#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

extern "C" {
int LLVMFuzzerRunDriver(int* argc, char*** argv, int (*test_one)(const uint8_t*, size_t));
void __sanitizer_cov_8bit_counters_init(uint8_t* begin, uint8_t* end);
void __sanitizer_cov_pcs_init(const uintptr_t* begin, const uintptr_t* end);
void __sanitizer_cov_trace_cmp8(uint64_t one, uint64_t other);
void __sanitizer_weak_hook_strcmp(void* pc, const char* one, const char* other, int result);
void __sanitizer_weak_hook_strstr(void* pc, const char* text, const char* piece, char* result);
}

namespace {

void Check(napi_status status) {
  if (status == napi_ok || status == napi_pending_exception) return;
  std::fprintf(stderr, "libfuzzer.node: Node-API says %d\n", static_cast<int>(status));
  std::abort();
}

template <size_t kCount>
struct Arguments {
  Arguments(napi_env env, napi_callback_info info) {
    size_t count = kCount;
    Check(napi_get_cb_info(env, info, &count, values, nullptr, nullptr));
  }
  napi_value values[kCount];
};

std::string TextOf(napi_env env, napi_value value) {
  size_t size = 0;
  Check(napi_get_value_string_utf8(env, value, nullptr, 0, &size));
  std::string text(size, '\0');
  Check(napi_get_value_string_utf8(env, value, text.data(), size + 1, &size));
  return text;
}

int64_t NumberOf(napi_env env, napi_value value) {
  int64_t number = 0;
  Check(napi_get_value_int64(env, value, &number));
  return number;
}

// An edge has no address; libFuzzer wants one that is like no other.
void Register(uint8_t* counters, size_t size) {
  static std::deque<std::vector<uintptr_t>> tables;
  static uintptr_t next_address = 1;
  std::vector<uintptr_t>& table = tables.emplace_back();
  for (size_t i = 0; i < size; ++i) {
    table.push_back(next_address++);
    table.push_back(0);  // not the entry of a function
  }
  __sanitizer_cov_8bit_counters_init(counters, counters + size);
  __sanitizer_cov_pcs_init(table.data(), table.data() + table.size());
}

uint8_t* BytesOf(napi_env env, napi_value buffer, size_t& size) {
  void* bytes = nullptr;
  Check(napi_get_buffer_info(env, buffer, &bytes, &size));
  return static_cast<uint8_t*>(bytes);
}

// Of the last environment that has loaded @jazzer.js/fuzzer: that of the target.
uint8_t* coverage_map = nullptr;

// registerCoverageMap(buffer): where the counters are, which registerNewCounters names.
napi_value RegisterCoverageMap(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  size_t size = 0;
  coverage_map = BytesOf(env, arguments.values[0], size);
  return nullptr;
}

// registerNewCounters(from, to)
napi_value RegisterNewCounters(napi_env env, napi_callback_info info) {
  const Arguments<2> arguments(env, info);
  const int64_t from = NumberOf(env, arguments.values[0]);
  Register(coverage_map + from, static_cast<size_t>(NumberOf(env, arguments.values[1]) - from));
  return nullptr;
}

// registerModuleCounters(buffer)
napi_value RegisterModuleCounters(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  size_t size = 0;
  uint8_t* const counters = BytesOf(env, arguments.values[0], size);
  Register(counters, size);
  return nullptr;
}

void* PlaceOf(napi_env env, napi_value id) { return reinterpret_cast<void*>(NumberOf(env, id)); }

// traceUnequalStrings(id, one, other)
napi_value TraceUnequalStrings(napi_env env, napi_callback_info info) {
  const Arguments<3> arguments(env, info);
  __sanitizer_weak_hook_strcmp(PlaceOf(env, arguments.values[0]),
                               TextOf(env, arguments.values[1]).c_str(),
                               TextOf(env, arguments.values[2]).c_str(), 1);
  return nullptr;
}

// traceStringContainment(id, piece, text)
napi_value TraceStringContainment(napi_env env, napi_callback_info info) {
  const Arguments<3> arguments(env, info);
  __sanitizer_weak_hook_strstr(PlaceOf(env, arguments.values[0]),
                               TextOf(env, arguments.values[2]).c_str(),
                               TextOf(env, arguments.values[1]).c_str(), nullptr);
  return nullptr;
}

// traceIntegerCompare(id, one, other)
napi_value TraceIntegerCompare(napi_env env, napi_callback_info info) {
  const Arguments<3> arguments(env, info);
  __sanitizer_cov_trace_cmp8(static_cast<uint64_t>(NumberOf(env, arguments.values[1])),
                             static_cast<uint64_t>(NumberOf(env, arguments.values[2])));
  return nullptr;
}

// tracePcIndir(id, state): what only targets with states of their own have.
napi_value TracePcIndir(napi_env, napi_callback_info) { return nullptr; }

struct Target {
  napi_env env;
  napi_value test_one;
};
const Target* target = nullptr;

// Ends the process, with what JavaScript has thrown as the last word.
[[noreturn]] void Fail(napi_env env) {
  napi_value error = nullptr;
  napi_value text = nullptr;
  Check(napi_get_and_clear_last_exception(env, &error));
  Check(napi_coerce_to_string(env, error, &text));
  std::fprintf(stderr, "%s\n", TextOf(env, text).c_str());
  std::abort();
}

int TestOne(const uint8_t* bytes, size_t size) {
  const napi_env env = target->env;
  napi_handle_scope scope = nullptr;
  napi_value buffer = nullptr;
  napi_value global = nullptr;
  napi_value result = nullptr;
  Check(napi_open_handle_scope(env, &scope));
  Check(napi_create_buffer_copy(env, size, bytes, nullptr, &buffer));
  Check(napi_get_global(env, &global));
  if (napi_call_function(env, global, target->test_one, 1, &buffer, &result) != napi_ok) Fail(env);
  Check(napi_close_handle_scope(env, scope));
  return 0;
}

// run(arguments, testOne): libFuzzer's main. `arguments[0]` is a program that does the same, for
// those runs that have others. Returns when it has come to its end.
napi_value Run(napi_env env, napi_callback_info info) {
  const Arguments<2> given(env, info);
  uint32_t count = 0;
  Check(napi_get_array_length(env, given.values[0], &count));
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < count; ++i) {
    napi_value text = nullptr;
    Check(napi_get_element(env, given.values[0], i, &text));
    texts.push_back(TextOf(env, text));
  }
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  int size = static_cast<int>(count);
  char** arguments = pointers.data();
  const Target run{env, given.values[1]};
  target = &run;
  napi_value status = nullptr;
  Check(napi_create_int32(env, LLVMFuzzerRunDriver(&size, &arguments, TestOne), &status));
  target = nullptr;
  return status;
}

}  // namespace

NAPI_MODULE_INIT() {
  constexpr struct {
    const char* name;
    napi_callback callback;
  } kFunctions[] = {
      {"registerCoverageMap", RegisterCoverageMap},
      {"registerNewCounters", RegisterNewCounters},
      {"registerModuleCounters", RegisterModuleCounters},
      {"traceUnequalStrings", TraceUnequalStrings},
      {"traceStringContainment", TraceStringContainment},
      {"traceIntegerCompare", TraceIntegerCompare},
      {"tracePcIndir", TracePcIndir},
      {"run", Run},
  };
  for (const auto& [name, callback] : kFunctions) {
    napi_value function = nullptr;
    Check(napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function));
    Check(napi_set_named_property(env, exports, name, function));
  }
  return exports;
}
