/** This package, by instruments. */
import { type MetricSnapshots, MetricsRuntime } from "metrics-runtime";
import { BUCKETS } from "../inputs.js";
import { type OpenMeasurements, SIZE_BUCKETS } from "./measurements.js";
import { numberAt, sumOf } from "./snapshot-sums.js";

const help = "bench";

export function openInstruments(): OpenMeasurements {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("http");
  const requests = recorder.counter("requests", { help, labels: ["method", "route", "status"] });
  const inFlight = recorder.upDownCounter("in_flight", { help });
  const seconds = recorder.histogram("seconds", {
    help,
    labels: ["method", "route"],
    buckets: BUCKETS,
  });
  const sizes = recorder.histogram("sizes", { help, labels: ["route"], buckets: SIZE_BUCKETS });
  return {
    measurements: {
      began: () => void inFlight.add(),
      ended: () => void inFlight.add(-1),
      counted: (method, route, status) => void requests.add(1, { method, route, status }),
      timed: (method, route, duration) => void seconds.record(duration, { method, route }),
      sized: (route, bytes) => void sizes.record(bytes, { route }),
    },
    tally: () => {
      const snapshots: MetricSnapshots = recorder.getMetricSnapshots();
      const { invalid, seriesOverflowed } = recorder.getStats();
      return {
        requests: sumOf(snapshots, "requests", "value"),
        durations: sumOf(snapshots, "seconds", "value"),
        sizes: sumOf(snapshots, "sizes", "value"),
        inFlight: numberAt(snapshots, "in_flight", "value"),
        lost: invalid + seriesOverflowed,
      };
    },
    close: () => runtime.shutdown(),
  };
}
