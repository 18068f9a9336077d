/** Counters with many series; the loop of each is its own. */
import { MetricsRuntime } from "metrics-runtime";
import { FLOOR, OURS, PEERS } from "../operations.js";
import { loadPackage } from "../peers/load.js";
import { openMeter } from "../peers/opentelemetry-api.js";
import type { PrometheusModule } from "../peers/prometheus-api.js";
import type { LabelOrder } from "./label-order.js";

const help = "bench";
const THREE = ["method", "route", "shard"] as const;

export interface SeriesSubject {
  /** Adds 1 to the series of each step from the one up to, but not with, the other. */
  readonly add: (from: number, to: number) => number;
  /** Takes a snapshot; how many series are in it. */
  readonly countSeries: () => number | Promise<number>;
  readonly close: () => void | Promise<void>;
}

type Open = (order: LabelOrder, series: number) => SeriesSubject | Promise<SeriesSubject>;

export const OPEN_SERIES: Readonly<Record<string, Open>> = {
  [FLOOR]: openSlots,
  [OURS]: openOurs,
  "prom-client": (order) => openPrometheus(PEERS["prom-client"], order),
  "prometheus-io": (order) => openPrometheus(PEERS["prometheus-io"], order),
  opentelemetry: openOpenTelemetry,
};

/** The labels are read too, and the slot is known. */
function openSlots(order: LabelOrder, series: number): SeriesSubject {
  const f64 = new Float64Array(new SharedArrayBuffer(series * Float64Array.BYTES_PER_ELEMENT));
  const { methods, routes, shards, method, route, shard, slot } = order;
  return {
    add(from, to) {
      let sum = 0;
      for (let i = from; i < to; i++) {
        const k = slot[i] as number;
        f64[k] = (f64[k] as number) + 1;
        sum += (methods[method[i] as number] as string).length;
        sum += (routes[route[i] as number] as string).length;
        sum += (shards[shard[i] as number] as string).length;
      }
      return sum;
    },
    countSeries: () => f64.slice().reduce((count, value) => count + (value > 0 ? 1 : 0), 0),
    close() {},
  };
}

function openOurs(order: LabelOrder, series: number): SeriesSubject {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("series");
  const counter = recorder.counter("requests", { help, labels: THREE, maxSeries: series });
  const { methods, routes, shards, method, route, shard } = order;
  return {
    add(from, to) {
      let sum = 0;
      for (let i = from; i < to; i++) {
        const counted = counter.add(1, {
          method: methods[method[i] as number] as string,
          route: routes[route[i] as number] as string,
          shard: shards[shard[i] as number] as string,
        });
        sum += counted ? 1 : 0;
      }
      return sum;
    },
    countSeries() {
      const value = recorder.getMetricSnapshots().requests?.dimensions.value;
      return Array.isArray(value) ? value.length : 0;
    },
    close() {
      const { seriesOverflowed } = recorder.getStats();
      runtime.shutdown();
      if (seriesOverflowed > 0) throw new Error(`${seriesOverflowed} values overflowed`);
    },
  };
}

async function openPrometheus(packageName: string, order: LabelOrder): Promise<SeriesSubject> {
  const client = (await loadPackage(packageName)) as PrometheusModule;
  const registry = new client.Registry();
  const settings = { name: "requests", help, labelNames: THREE, registers: [registry] };
  const counter = new client.Counter(settings);
  const { methods, routes, shards, method, route, shard } = order;
  return {
    add(from, to) {
      for (let i = from; i < to; i++) {
        counter.inc({
          method: methods[method[i] as number] as string,
          route: routes[route[i] as number] as string,
          shard: shards[shard[i] as number] as string,
        });
      }
      return to - from;
    },
    async countSeries() {
      const [metric] = await registry.getMetricsAsJSON();
      return metric?.values.length ?? 0;
    },
    close() {},
  };
}

async function openOpenTelemetry(order: LabelOrder, series: number): Promise<SeriesSubject> {
  const { meter, countSeries, close } = await openMeter(series + 2); // one is kept for what overflows
  const counter = meter.createCounter("requests");
  const { methods, routes, shards, method, route, shard } = order;
  return {
    add(from, to) {
      for (let i = from; i < to; i++) {
        counter.add(1, {
          method: methods[method[i] as number] as string,
          route: routes[route[i] as number] as string,
          shard: shards[shard[i] as number] as string,
        });
      }
      return to - from;
    },
    countSeries,
    close,
  };
}
