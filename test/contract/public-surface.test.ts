import * as library from "metrics-runtime";
import { describe, expect, test } from "vitest";

/** A name that goes away breaks programs; one that comes is to be documented. */
const NAMES = {
  "runtime and recorder": [
    "MetricsRecorder",
    "MetricsRecorderState",
    "MetricsRecorderWaitHandle",
    "MetricsRuntime",
    "MetricsRuntimeState",
    "QueueOverflowPolicy",
    "noopMetricsRecorder",
  ],
  events: ["boolean", "defineMetricEvent", "float64", "key", "label", "oneOf", "uint32"],
  metrics: [
    "Dimension",
    "Metric",
    "MetricDefinition",
    "count",
    "defineMetric",
    "distinct",
    "exponentialHistogram",
    "histogram",
    "last",
    "max",
    "mean",
    "min",
    "quantiles",
    "sum",
    "upDown",
  ],
  exposition: ["ExpositionFormat", "contentTypes", "metricsHandler", "negotiate"],
  logging: [
    "LogContext",
    "LogErrorHandling",
    "LogLevel",
    "LogPayloadVerbosity",
    "MetricsLogPolicyMode",
    "PatternLogEventPolicy",
    "consoleSink",
    "logInvocation",
    "memorySink",
    "metricsEventPolicy",
    "metricsRecorderEventPolicy",
    "metricsRuntimeEventPolicy",
    "pinoSink",
    "plainLogPayload",
    "streamSink",
  ],
  errors: [
    "LogContextUnableToLogError",
    "MetricsRecorderDispatcherError",
    "MetricsRecorderError",
    "MetricsRecorderInvalidStateError",
    "MetricsRecorderOnStartingHookFailedError",
    "MetricsRecorderOnStoppedHookFailedError",
    "MetricsRecorderQueueOverflowError",
    "MetricsRecorderUnexpectedError",
    "MetricsRuntimeError",
    "MetricsRuntimeInvalidStateError",
    "MetricsRuntimeLoopUnavailableError",
    "MetricsRuntimeRecorderAlreadyExistsError",
    "MetricsRuntimeRecorderError",
    "MetricsRuntimeRecorderNotFoundError",
    "MetricsRuntimeRecorderStartupError",
    "MetricsRuntimeRecorderStopError",
    "MetricsRuntimeShutdownError",
    "MetricsRuntimeStartupError",
    "MetricsRuntimeUnexpectedError",
  ],
};

test("the package exports exactly the documented names", () => {
  expect(Object.keys(library).sort()).toEqual(Object.values(NAMES).flat().sort());
});

describe("states and policies are frozen objects whose keys are their values", () => {
  test.each([
    [library.MetricsRuntimeState, "VIRGIN STARTING RUNNING STOPPING CLOSED FAILURE"],
    [library.MetricsRecorderState, "VIRGIN STARTING RUNNING STOPPING STOPPED FAILURE"],
    [library.QueueOverflowPolicy, "DROP RAISE_ERROR"],
  ])("%o", (members, names) => {
    expect(Object.keys(members)).toEqual(names.split(" "));
    expect(Object.values(members)).toEqual(names.split(" "));
    expect(Object.isFrozen(members)).toBe(true);
  });
});

describe("what is chosen by a name or number is frozen, each under the name of its value", () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["LogLevel", library.LogLevel, "DEBUG:10 INFO:20 WARNING:30 ERROR:40 CRITICAL:50"],
    [
      "LogErrorHandling",
      library.LogErrorHandling,
      "IGNORE:ignore PRINT_STDERR:print_stderr RAISE:raise",
    ],
    ["LogPayloadVerbosity", library.LogPayloadVerbosity, "SUMMARY:SUMMARY NORMAL:NORMAL FULL:FULL"],
    [
      "MetricsLogPolicyMode",
      library.MetricsLogPolicyMode,
      "SILENT:silent NORMAL:normal INSPECTION:inspection",
    ],
    [
      "ExpositionFormat",
      library.ExpositionFormat,
      "PROMETHEUS:prometheus OPENMETRICS:openmetrics PROTOBUF:protobuf JSON:json",
    ],
  ])("%s", (_, chosen, members) => {
    const entries = Object.entries(chosen).map(([key, value]) => `${key}:${value}`);
    expect(entries).toEqual(members.split(" "));
    expect(Object.isFrozen(chosen)).toBe(true);
  });
});

test("classes that users do not construct say so", () => {
  const { MetricsRecorder } = library as unknown as { MetricsRecorder: new () => unknown };
  expect(() => new MetricsRecorder()).toThrow("MetricsRuntime.createRecorder");
});

test("members are where the documentation has them", () => {
  const membersOf = (from: { readonly prototype: object }) =>
    Object.getOwnPropertyNames(from.prototype)
      .filter((name) => name !== "constructor")
      .sort();
  expect(membersOf(library.MetricsRuntime)).toEqual([
    "createRecorder",
    "entityId",
    "getLogContext",
    "getRecorder",
    "getStats",
    "getStatus",
    "listRecorderIds",
    "render",
    "renderSync",
    "share",
    "shutdown",
    "start",
    "stopAndRemoveRecorder",
    "stopRecorder",
    "tryGetRecorder",
  ]);
  expect(membersOf(library.MetricsRecorder)).toEqual([
    "counter",
    "emitter",
    "entityId",
    "gauge",
    "getLogContext",
    "getMetricSnapshots",
    "getStats",
    "getStatus",
    "histogram",
    "iterMetrics",
    "namespace",
    "observableGauge",
    "recorderId",
    "registerEvent",
    "registerMetric",
    "render",
    "renderSync",
    "start",
    "stop",
    "upDownCounter",
  ]);
  expect(membersOf(library.MetricsRecorderWaitHandle)).toEqual(["then", "wait"]);
});
