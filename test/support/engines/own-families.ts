import { MetricsRuntime } from "metrics-runtime";
import { type JsonFamily, jsonFamilies } from "./expect-json.js";
import { sampleNames } from "./exposed-names.js";
import type { ScrapedFormat } from "./exposition-server.js";

/** What the library says of itself, in an exposition of one recorder. */
export function ownFamilies(): readonly JsonFamily[] {
  const runtime = new MetricsRuntime({ namespace: "own" });
  try {
    runtime.start();
    runtime.createRecorder("any");
    return jsonFamilies(runtime.renderSync("json"));
  } finally {
    runtime.shutdown();
  }
}

/** How many samples it makes of that. */
export function ownSampleCount(
  own: readonly JsonFamily[],
  recorders: number,
  format: ScrapedFormat,
): number {
  const counts = own.map((family) => {
    const names = family.type === "counter" && format === "openmetrics" ? 2 : 1;
    const ofEach = family.series.some(({ labels }) => labels.recorder !== undefined);
    return names * (ofEach ? recorders : 1);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

export function ownSampleNames(own: readonly JsonFamily[]): ReadonlySet<string> {
  return new Set(own.flatMap(sampleNames));
}
