// From the object that src/metrics/native-definition.ts builds to a MetricDefinition.
//
// JavaScript thread. The TypeScript side has checked every value; a shape it never builds throws
// Napi::Error.
#pragma once

#include <napi.h>

#include "core/event_class_registry.h"
#include "core/metric.h"

namespace metrics_runtime {

[[nodiscard]] MetricDefinition ReadMetricDefinition(const Napi::Object& definition,
                                                    const EventClassRegistry& event_classes);

}  // namespace metrics_runtime
