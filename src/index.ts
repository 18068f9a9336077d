/** @module metrics-runtime */

export type { ErrorDetails, ErrorLogPayload } from "./errors/metrics-error.js";
export {
  defineMetricEvent,
  type EventClassDeclaration,
  type MetricEventClass,
} from "./events/define-metric-event.js";
export type { Emitter } from "./events/emitter.js";
export type { EventFields } from "./events/event-definition.js";
export {
  type BooleanField,
  boolean,
  type EventField,
  type FieldValue,
  type Float64Field,
  float64,
  type KeyField,
  key,
  type LabelField,
  label,
  type OneOfField,
  oneOf,
  type Uint32Field,
  uint32,
} from "./events/field-kinds.js";
export type { EventValues, MetricEvent } from "./events/metric-event.js";
export {
  contentTypes,
  ExpositionFormat,
  type RenderOptions,
} from "./exposition/exposition-format.js";
export type {
  JsonExponentialHistogram,
  JsonExposition,
  JsonFamily,
  JsonFamilyOf,
  JsonHistogram,
  JsonNumber,
  JsonSummary,
} from "./exposition/json-exposition.js";
export {
  type MetricsHandler,
  type MetricsHandlerOptions,
  metricsHandler,
} from "./exposition/metrics-handler.js";
export {
  type Negotiated,
  type NegotiateOptions,
  negotiate,
} from "./exposition/negotiate.js";
export type { Renderable } from "./exposition/shared-renders.js";
export type { Counter, CounterSeries, UpDownCounter } from "./instruments/counter.js";
export type { Gauge, GaugeSeries } from "./instruments/gauge.js";
export type { Histogram, HistogramSeries } from "./instruments/histogram.js";
export type {
  ExplicitHistogramInstrumentOptions,
  ExponentialHistogramInstrumentOptions,
  GaugeCombine,
  GaugeOptions,
  HistogramInstrumentOptions,
  InstrumentOptions,
  ObservableGaugeOptions,
} from "./instruments/instrument-options.js";
export type { Labels } from "./instruments/labels.js";
export type {
  ObservableCallback,
  ObservableGauge,
  Observe,
} from "./instruments/observable-gauge.js";
export { LogContextUnableToLogError } from "./logging/errors.js";
export { LogContext, type LogEntry } from "./logging/log-context.js";
export { type LogContextOptions, LogErrorHandling } from "./logging/log-context-options.js";
export {
  type LogEvent,
  type LogEventHeader,
  type LogEventOutcome,
  type LogEventPolicy,
  type LogEventSink,
  type LogPayloadOptions,
  type LogPayloadProcessor,
  LogPayloadVerbosity,
} from "./logging/log-event.js";
export type { LogEventRule } from "./logging/log-event-rule.js";
export {
  type InvocationLogger,
  type LogInvocationOptions,
  logInvocation,
} from "./logging/log-invocation.js";
export { LogLevel } from "./logging/log-level.js";
export { plainLogPayload } from "./logging/log-payload.js";
export {
  PatternLogEventPolicy,
  type PatternLogEventPolicyOptions,
} from "./logging/pattern-log-event-policy.js";
export {
  MetricsLogPolicyMode,
  type MetricsLogPolicyOptions,
  metricsEventPolicy,
  metricsRecorderEventPolicy,
  metricsRuntimeEventPolicy,
} from "./logging/ready-made-policies.js";
export {
  type ConsoleSinkOptions,
  consoleSink,
  type LogConsole,
} from "./logging/sinks/console-sink.js";
export {
  type MemorySink,
  type MemorySinkOptions,
  memorySink,
} from "./logging/sinks/memory-sink.js";
export { type PinoLogger, pinoSink } from "./logging/sinks/pino-sink.js";
export { type LogStream, streamSink } from "./logging/sinks/stream-sink.js";
export type { AggregationOptions } from "./metrics/aggregation-options.js";
export { type Dimensions, defineMetric, MetricDefinition } from "./metrics/define-metric.js";
export { Dimension, type ValueOf } from "./metrics/dimension.js";
export { distinct } from "./metrics/distinct.js";
export {
  type ExponentialHistogramOptions,
  exponentialHistogram,
  type HistogramOptions,
  histogram,
  type QuantilesOptions,
  quantiles,
} from "./metrics/distributions.js";
export type { Series } from "./metrics/group-by.js";
export { Metric } from "./metrics/metric.js";
export { count, last, max, mean, min, sum, upDown } from "./metrics/number-aggregations.js";
export type {
  DimensionValue,
  ExponentialBuckets,
  ExponentialHistogramSnapshot,
  HistogramSnapshot,
  MetricSnapshot,
  MetricSnapshots,
  QuantilesSnapshot,
  SeriesValue,
} from "./metrics/snapshot.js";
export type { Where } from "./metrics/where.js";
export {
  MetricsRecorderDispatcherError,
  MetricsRecorderError,
  MetricsRecorderInvalidStateError,
  MetricsRecorderOnStartingHookFailedError,
  MetricsRecorderOnStoppedHookFailedError,
  MetricsRecorderQueueOverflowError,
  MetricsRecorderUnexpectedError,
} from "./recorder/errors.js";
export type { MetricChange, MetricsRecorderHooks } from "./recorder/hooks.js";
export { MetricsRecorder } from "./recorder/metrics-recorder.js";
export { QueueOverflowPolicy } from "./recorder/overflow-policy.js";
export {
  type MetricsRecorderLike,
  noopMetricsRecorder,
  type RegisteredMetric,
} from "./recorder/recorder-like.js";
export type { MetricsRecorderOperationResult } from "./recorder/recorder-operation.js";
export { MetricsRecorderState } from "./recorder/recorder-state.js";
export type { MetricsRecorderStats } from "./recorder/recorder-stats.js";
export { MetricsRecorderWaitHandle } from "./recorder/wait-handle.js";
export {
  MetricsRuntimeError,
  MetricsRuntimeInvalidStateError,
  MetricsRuntimeLoopUnavailableError,
  MetricsRuntimeRecorderAlreadyExistsError,
  MetricsRuntimeRecorderError,
  MetricsRuntimeRecorderNotFoundError,
  MetricsRuntimeRecorderStartupError,
  MetricsRuntimeRecorderStopError,
  MetricsRuntimeShutdownError,
  MetricsRuntimeStartupError,
  MetricsRuntimeUnexpectedError,
} from "./runtime/errors.js";
export { MetricsRuntime, type MetricsRuntimeStats } from "./runtime/metrics-runtime.js";
export type {
  AttachOptions,
  CreateRecorderOptions,
  MetricsRuntimeOptions,
} from "./runtime/runtime-options.js";
export { MetricsRuntimeState } from "./runtime/runtime-state.js";
export type { MetricsRuntimeToken } from "./runtime/runtime-token.js";
