import { BUCKETS } from "./inputs.js";
import type { OpenedMemory } from "./memory-subject.js";
import { loadPackage } from "./peers/load.js";
import { openMeter } from "./peers/opentelemetry-api.js";
import type { PrometheusModule } from "./peers/prometheus-api.js";

const labelNames = ["method", "route", "shard"];

export async function openPrometheusMemory(
  packageName: string,
  kind: string,
): Promise<OpenedMemory> {
  const client = (await loadPackage(packageName)) as PrometheusModule;
  const common = { name: "bench", help: "bench", labelNames, registers: [new client.Registry()] };
  if (kind === "counter") {
    const counter = new client.Counter(common);
    return {
      write: ({ method, route, shard }) => counter.inc({ method, route, shard }),
      close() {},
    };
  }
  const histogram = new client.Histogram({ ...common, buckets: BUCKETS });
  return {
    write: ({ method, route, shard }, value) => histogram.observe({ method, route, shard }, value),
    close() {},
  };
}

export async function openOpenTelemetryMemory(kind: string, series: number): Promise<OpenedMemory> {
  const { meter, close } = await openMeter(series + 2); // one is kept for what overflows
  if (kind === "counter") {
    const counter = meter.createCounter("bench");
    return { write: ({ method, route, shard }) => counter.add(1, { method, route, shard }), close };
  }
  const options = { advice: { explicitBucketBoundaries: BUCKETS } };
  const histogram = meter.createHistogram("bench", options);
  return {
    write: ({ method, route, shard }, value) => histogram.record(value, { method, route, shard }),
    close,
  };
}
