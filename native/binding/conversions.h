// From the runtime's plain data to JavaScript's. src/native/boundary.ts declares each shape.
// JavaScript thread.
#pragma once

#include <napi.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/recorder.h"
#include "runtime/failure.h"
#include "runtime/runtime.h"

namespace metrics_runtime {

// NativeFailure
[[nodiscard]] Napi::Object ToJs(Napi::Env env, const Failure& failure);
// NativeFailure | undefined
[[nodiscard]] Napi::Value ToJs(Napi::Env env, const Status& status);
// NativeRecorderOrigin
[[nodiscard]] Napi::Object ToJs(Napi::Env env, const Recorder& recorder);
// NativeRecorderStats
[[nodiscard]] Napi::Object ToJs(Napi::Env env, const RecorderStats& stats);
// NativeRuntimeStats
[[nodiscard]] Napi::Object ToJs(Napi::Env env, const Runtime::Stats& stats);

// { value } or { failure }
[[nodiscard]] Napi::Object ValueResult(Napi::Env env, Napi::Value value);
[[nodiscard]] Napi::Object FailureResult(Napi::Env env, const Failure& failure);

// A string, as the plain value that Object::Set takes as it is; of a Napi::String it would take the
// text, through memory of ours.
[[nodiscard]] inline Napi::Value Text(Napi::Env env, std::string_view text) {
  return Napi::String::New(env, text.data(), text.size());
}
[[nodiscard]] Napi::Array StringArray(Napi::Env env, const std::vector<std::string>& strings);
[[nodiscard]] std::string Utf8(const Napi::Value& value);
// As Utf8, or nothing where there is no memory for it: for texts that must not stop what is done.
[[nodiscard]] std::string Utf8IfPossible(const Napi::Value& value) noexcept;
[[nodiscard]] std::vector<std::string> Utf8Array(const Napi::Value& value);

// Where the memory of a typed array is, shared or not.
[[nodiscard]] std::byte* MemoryOf(const Napi::TypedArray& array);

// Of a label field; throws where the field is another, which our own JavaScript never asks for.
[[nodiscard]] LabelTable& LabelsOf(Napi::Env env, const EventClass& event_class, uint32_t field);

}  // namespace metrics_runtime
