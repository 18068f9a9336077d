/** The peers that can be scraped. */
import { BUCKETS } from "../inputs.js";
import { loadPackage } from "../peers/load.js";
import { openMeter, type PrometheusExporterModule } from "../peers/opentelemetry-api.js";
import type { PrometheusModule } from "../peers/prometheus-api.js";
import { COUNTER, type ExpositionSubject, HISTOGRAM, type Kind } from "./subject.js";
import { countTextSamples } from "./text-samples.js";

const help = "bench";
const labelNames = ["method", "route", "shard"];

export const SERIALIZER = "@opentelemetry/exporter-prometheus";

/** prom-client and @prometheus-io/client. */
export async function openPrometheus(packageName: string, kind: Kind): Promise<ExpositionSubject> {
  const client = (await loadPackage(packageName)) as PrometheusModule;
  const registry = new client.Registry();
  const common = { help, labelNames, registers: [registry] };
  const subject = {
    expose: () => registry.metrics(),
    countSamples: countTextSamples,
    close() {},
  };
  if (kind === "counter") {
    const counter = new client.Counter({ ...common, name: COUNTER });
    return { ...subject, write: (labels) => counter.inc({ ...labels }) };
  }
  const histogram = new client.Histogram({ ...common, name: HISTOGRAM, buckets: BUCKETS });
  return { ...subject, write: (labels, value) => histogram.observe({ ...labels }, value) };
}

/** What its exporter does for a scrape: collects, and makes text of it. */
export async function openOpenTelemetry(kind: Kind, series: number): Promise<ExpositionSubject> {
  const { PrometheusSerializer } = (await loadPackage(SERIALIZER)) as PrometheusExporterModule;
  const serializer = new PrometheusSerializer();
  const { meter, collect, close } = await openMeter(series + 2); // one is kept for what overflows
  const subject = {
    expose: async () => serializer.serialize((await collect()).resourceMetrics),
    countSamples: countTextSamples,
    close,
  };
  if (kind === "counter") {
    const counter = meter.createCounter(COUNTER);
    return { ...subject, write: (labels) => counter.add(1, { ...labels }) };
  }
  const advice = { explicitBucketBoundaries: BUCKETS };
  const histogram = meter.createHistogram(HISTOGRAM, { advice });
  return { ...subject, write: (labels, value) => histogram.record(value, { ...labels }) };
}
