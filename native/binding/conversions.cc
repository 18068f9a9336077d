#include "binding/conversions.h"

#include <uv.h>

namespace metrics_runtime {

namespace {

// In the order of Failure::Kind.
constexpr const char* kFailureKinds[] = {
    "RUNTIME_STATE",    "STARTUP",        "SHUTDOWN",       "LOOP_UNAVAILABLE",
    "ALREADY_EXISTS",   "NOT_FOUND",      "NAME_TAKEN",     "SAMPLE_NAME_TAKEN",
    "LABEL_NAME_TAKEN", "RECORDER_STATE", "RECORDER_FAULT", "OUT_OF_MEMORY"};

// In the order of RecorderFault::Kind.
constexpr const char* kFaultKinds[] = {"NONE", "DISPATCHER", "ON_STARTING_HOOK", "ON_STOPPED_HOOK",
                                       "UNFINISHED_START"};

Napi::Value FaultKind(Napi::Env env, RecorderFault::Kind kind) {
  return Text(env, kFaultKinds[static_cast<size_t>(kind)]);
}

Napi::Number Number(Napi::Env env, uint64_t value) {
  return Napi::Number::New(env, static_cast<double>(value));
}

}  // namespace

Napi::Object ToJs(Napi::Env env, const Failure& failure) {
  auto object = Napi::Object::New(env);
  object.Set("kind", Text(env, kFailureKinds[static_cast<size_t>(failure.kind)]));
  object.Set("runtimeState", Number(env, static_cast<uint64_t>(failure.runtime_state)));
  object.Set("recorderState", Number(env, static_cast<uint64_t>(failure.recorder_state)));
  object.Set("waitedMs", Napi::Number::New(env, failure.waited_ms));
  object.Set("faultKind", FaultKind(env, failure.fault_kind));
  object.Set("message", Text(env, failure.message));
  if (failure.uv_error != 0) {
    object.Set("osCode", Text(env, uv_err_name(failure.uv_error)));
    object.Set("errno", Napi::Number::New(env, failure.uv_error));
  }
  if (failure.syscall != nullptr) object.Set("syscall", Text(env, failure.syscall));
  auto faults = Napi::Array::New(env, failure.recorder_faults.size());
  for (uint32_t i = 0; i < failure.recorder_faults.size(); ++i) {
    auto fault = Napi::Object::New(env);
    fault.Set("recorderId", Text(env, failure.recorder_faults[i].recorder_id));
    fault.Set("kind", FaultKind(env, failure.recorder_faults[i].kind));
    fault.Set("message", Text(env, failure.recorder_faults[i].message));
    faults.Set(i, fault);
  }
  object.Set("recorderFaults", faults);
  return object;
}

Napi::Value ToJs(Napi::Env env, const Status& status) {
  return status.has_value() ? Napi::Value(ToJs(env, *status)) : env.Undefined();
}

Napi::Object ToJs(Napi::Env env, const Recorder& recorder) {
  auto object = Napi::Object::New(env);
  object.Set("serial", Number(env, recorder.origin().serial));
  object.Set("queueMaxSize", Number(env, recorder.queue_max_size()));
  object.Set("attributes", Text(env, recorder.origin().attributes));
  return object;
}

Napi::Object ToJs(Napi::Env env, const RecorderStats& stats) {
  auto object = Napi::Object::New(env);
  object.Set("accepted", Number(env, stats.accepted));
  object.Set("dropped", Number(env, stats.dropped));
  object.Set("dispatched", Number(env, stats.dispatched));
  object.Set("pending", Number(env, stats.pending));
  object.Set("invalid", Number(env, stats.invalid));
  object.Set("labelsOverflowed", Number(env, stats.labels_overflowed));
  object.Set("seriesOverflowed", Number(env, stats.series_overflowed));
  object.Set("undelivered", Number(env, stats.undelivered));
  object.Set("hookFailures", Number(env, stats.hook_failures));
  object.Set("observationsFailed", Number(env, stats.observations_failed));
  object.Set("faultKind", FaultKind(env, stats.fault.kind));
  object.Set("fault", Text(env, stats.fault.reason));
  return object;
}

Napi::Object ToJs(Napi::Env env, const Runtime::Stats& stats) {
  auto object = Napi::Object::New(env);
  object.Set("threadId", Number(env, stats.thread_id));
  object.Set("loopTurns", Number(env, stats.loop_turns));
  object.Set("wakeUps", Number(env, stats.wake_ups));
  object.Set("eventsDrained", Number(env, stats.events_drained));
  object.Set("deepestQueue", Number(env, stats.deepest_queue));
  object.Set("drainTimeMs", Napi::Number::New(env, stats.drain_time_ms));
  return object;
}

Napi::Object ValueResult(Napi::Env env, Napi::Value value) {
  auto object = Napi::Object::New(env);
  object.Set("value", value);
  return object;
}

Napi::Object FailureResult(Napi::Env env, const Failure& failure) {
  auto object = Napi::Object::New(env);
  object.Set("failure", ToJs(env, failure));
  return object;
}

std::string Utf8(const Napi::Value& value) { return value.As<Napi::String>().Utf8Value(); }

std::string Utf8IfPossible(const Napi::Value& value) noexcept {
  try {
    return Utf8(value);
  } catch (...) {
    return {};
  }
}

LabelTable& LabelsOf(Napi::Env env, const EventClass& event_class, uint32_t field) {
  LabelTable* labels = field < event_class.fields().size() ? event_class.labels(field) : nullptr;
  if (labels == nullptr) throw Napi::Error::New(env, "no label field");
  return *labels;
}

std::byte* MemoryOf(const Napi::TypedArray& array) {
  // Not GetArrayBuffer: for shared memory only the typed array gives its address on every Node.
  void* memory = nullptr;
  NAPI_THROW_IF_FAILED(
      array.Env(),
      napi_get_typedarray_info(array.Env(), array, nullptr, nullptr, &memory, nullptr, nullptr),
      nullptr);
  return static_cast<std::byte*>(memory);
}

Napi::Array StringArray(Napi::Env env, const std::vector<std::string>& strings) {
  auto array = Napi::Array::New(env, strings.size());
  uint32_t index = 0;
  for (const std::string& string : strings) array.Set(index++, Text(env, string));
  return array;
}

std::vector<std::string> Utf8Array(const Napi::Value& value) {
  const auto array = value.As<Napi::Array>();
  std::vector<std::string> strings(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) strings[i] = Utf8(array.Get(i));
  return strings;
}

}  // namespace metrics_runtime
