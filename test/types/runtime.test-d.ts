import {
  type MetricsRecorder,
  type MetricsRecorderError,
  type MetricsRecorderLike,
  type MetricsRecorderOperationResult,
  MetricsRecorderState,
  MetricsRuntime,
  MetricsRuntimeRecorderNotFoundError,
  MetricsRuntimeState,
  noopMetricsRecorder,
  QueueOverflowPolicy,
} from "metrics-runtime";
import { expectTypeOf, test } from "vitest";

const runtime = {} as MetricsRuntime;

test("options are checked by name and type", () => {
  new MetricsRuntime({
    namespace: "n",
    defaultRecorderQueueMaxSize: 5,
    defaultRecorderQueueOverflowPolicy: "RAISE_ERROR",
  });
  runtime.createRecorder("a", { queueOverflowPolicy: QueueOverflowPolicy.DROP });
  // @ts-expect-error no options
  new MetricsRuntime();
  // @ts-expect-error no namespace
  new MetricsRuntime({});
  // @ts-expect-error an unknown option
  new MetricsRuntime({ namespace: "n", queueMaxSize: 5 });
  // @ts-expect-error text for a number
  runtime.createRecorder("a", { queueMaxSize: "5" });
  // @ts-expect-error no policy
  runtime.createRecorder("a", { queueOverflowPolicy: "BLOCK" });
  // @ts-expect-error no id
  runtime.createRecorder();
});

test("states and policies are unions and values of the same name", () => {
  expectTypeOf(runtime.getStatus()).toEqualTypeOf<MetricsRuntimeState>();
  expectTypeOf<MetricsRuntimeState>().toEqualTypeOf<
    "VIRGIN" | "STARTING" | "RUNNING" | "STOPPING" | "CLOSED" | "FAILURE"
  >();
  expectTypeOf<MetricsRecorderState>().toEqualTypeOf<
    "VIRGIN" | "STARTING" | "RUNNING" | "STOPPING" | "STOPPED" | "FAILURE"
  >();
  expectTypeOf<QueueOverflowPolicy>().toEqualTypeOf<"DROP" | "RAISE_ERROR">();
  expectTypeOf(MetricsRuntimeState.CLOSED).toEqualTypeOf<"CLOSED">();
  expectTypeOf(MetricsRecorderState.STOPPED).toEqualTypeOf<"STOPPED">();
  // @ts-expect-error read-only
  QueueOverflowPolicy.DROP = "RAISE_ERROR";
});

test("recorders are made by a runtime and are what production code depends on", () => {
  expectTypeOf(runtime.createRecorder("a")).toEqualTypeOf<MetricsRecorder>();
  expectTypeOf(runtime.tryGetRecorder("a")).toEqualTypeOf<MetricsRecorder | undefined>();
  expectTypeOf(runtime.listRecorderIds()).toEqualTypeOf<readonly string[]>();
  expectTypeOf<MetricsRecorder>().toExtend<MetricsRecorderLike>();
  expectTypeOf(noopMetricsRecorder).toEqualTypeOf<MetricsRecorderLike>();
});

test("a handle gives its result when it waits without a limit, or is awaited", async () => {
  const handle = {} as ReturnType<MetricsRecorder["stop"]>;
  expectTypeOf(handle.wait()).toEqualTypeOf<MetricsRecorderOperationResult>();
  expectTypeOf(handle.wait(5)).toEqualTypeOf<MetricsRecorderOperationResult | undefined>();
  expectTypeOf<Awaited<typeof handle>>().toEqualTypeOf<MetricsRecorderOperationResult>();
  expectTypeOf(handle.wait().error).toEqualTypeOf<MetricsRecorderError | undefined>();
  // @ts-expect-error read-only
  handle.wait().success = false;
});

test("an error narrows by instanceof", () => {
  const error = {} as unknown;
  if (error instanceof MetricsRuntimeRecorderNotFoundError) {
    expectTypeOf(error.recorderId).toEqualTypeOf<string>();
    expectTypeOf<typeof error.code>().toEqualTypeOf<"ERR_METRICS_RUNTIME_RECORDER_NOT_FOUND">();
  }
});
