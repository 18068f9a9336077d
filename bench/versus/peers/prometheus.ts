import type { Peer } from "../operations.js";
import type { Subject } from "../row.js";
import { loadPackage } from "./load.js";
import type { PrometheusModule } from "./prometheus-api.js";

/** @param peer prom-client or prometheus-io */
export async function openPrometheus(peer: Peer, packageName: string): Promise<Subject> {
  const client = (await loadPackage(packageName)) as PrometheusModule;
  const counters: typeof import("./prometheus-counters.js") = await import(
    `./prometheus-counters.js?peer=${peer}`
  );
  const histograms: typeof import("./prometheus-histograms.js") = await import(
    `./prometheus-histograms.js?peer=${peer}`
  );
  return {
    rows: [...counters.counterRows(client, peer), ...histograms.histogramRows(client, peer)],
    skipped: [],
    close() {},
  };
}
