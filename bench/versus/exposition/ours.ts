/** Ours: one runtime with one recorder that has one metric. */
import { gunzipSync } from "node:zlib";
import { type ExpositionFormat, MetricsRuntime } from "metrics-runtime";
import { BUCKETS } from "../inputs.js";
import { countProtobufSamples } from "./protobuf-samples.js";
import type { Exposition, ExpositionSubject, Kind } from "./subject.js";
import { countTextSamples } from "./text-samples.js";

const THREE = ["method", "route", "shard"] as const;

export function openOurs(
  format: ExpositionFormat,
  gzip: boolean,
  kind: Kind,
  series: number,
): ExpositionSubject {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("exposition");
  const options = { help: "bench", labels: THREE, maxSeries: series };
  const counter = kind === "counter" ? recorder.counter("requests", options) : undefined;
  const histogram =
    kind === "counter"
      ? undefined
      : recorder.histogram("seconds", { ...options, buckets: BUCKETS });
  return {
    write(labels, value) {
      counter?.add(1, labels);
      histogram?.record(value, labels);
    },
    expose: () => runtime.render(format, { gzip }),
    countSamples(exposition: Exposition) {
      const bytes = gzip ? gunzipSync(exposition) : (exposition as Uint8Array);
      return format === "protobuf" ? countProtobufSamples(bytes) : countTextSamples(bytes);
    },
    close() {
      const { seriesOverflowed } = recorder.getStats();
      runtime.shutdown();
      if (seriesOverflowed > 0) throw new Error(`${seriesOverflowed} values overflowed`);
    },
  };
}
