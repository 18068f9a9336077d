{
  "variables": {
    "metrics_runtime_core_sources": [
      "native/core/aggregation/distinct_count.cc",
      "native/core/aggregation/explicit_histogram.cc",
      "native/core/aggregation/exponential_histogram.cc",
      "native/core/aggregation/exponential_index.cc",
      "native/core/aggregation/quantile_sketch.cc",
      "native/core/dimension.cc",
      "native/core/event_class.cc",
      "native/core/event_class_registry.cc",
      "native/core/event_predicate.cc",
      "native/core/event_ring.cc",
      "native/core/event_source.cc",
      "native/core/label_table.cc",
      "native/core/metric.cc",
      "native/core/metric_set.cc",
      "native/core/process_secret.cc",
      "native/core/recorder.cc",
      "native/core/recorder_custom_metrics.cc",
      "native/core/recorder_registry.cc",
      "native/core/series_index.cc",
      "native/core/series_labels.cc",
      "native/core/string_table.cc",
      "native/core/value_writer.cc"
    ],
    "metrics_runtime_runtime_sources": [
      "native/runtime/command.cc",
      "native/runtime/current_thread.cc",
      "native/runtime/loop_signal.cc",
      "native/runtime/loop_thread.cc",
      "native/runtime/operation.cc",
      "native/runtime/process_barrier.cc",
      "native/runtime/runtime.cc",
      "native/runtime/runtime_custom_metrics.cc",
      "native/runtime/runtime_held_starts.cc",
      "native/runtime/runtime_operations.cc",
      "native/runtime/runtime_recorders.cc",
      "native/runtime/runtime_threads.cc",
      "native/runtime/shared_runtimes.cc"
    ],
    "metrics_runtime_binding_sources": [
      "native/binding/addon.cc",
      "native/binding/conversions.cc",
      "native/binding/environment.cc",
      "native/binding/metric_definition_reader.cc",
      "native/binding/native_operation.cc",
      "native/binding/native_recorder.cc",
      "native/binding/native_runtime.cc"
    ],
    "metrics_runtime_defines": [
      "NAPI_VERSION=9",
      "NODE_ADDON_API_CPP_EXCEPTIONS_ALL",
      "NODE_ADDON_API_DISABLE_DEPRECATED",
      "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
    ]
  }
}
