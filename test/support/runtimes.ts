import { MetricsRuntime, type MetricsRuntimeOptions } from "metrics-runtime";
import { onTestFinished } from "vitest";

/** A runtime that has not started. Shut down when the test ends, unless that was done before. */
export function newRuntime(options: Partial<MetricsRuntimeOptions> = {}): MetricsRuntime {
  const runtime = new MetricsRuntime({ namespace: "test", ...options });
  onTestFinished(() => runtime[Symbol.dispose]());
  return runtime;
}

/** A runtime that runs, until the test ends. */
export function startedRuntime(options: Partial<MetricsRuntimeOptions> = {}): MetricsRuntime {
  const runtime = newRuntime(options);
  runtime.start();
  return runtime;
}
