/**
 * This package, by events: an emitter for each of the five calls, so that everybody does as many. An application
 * would emit two, `began` and one with all the fields of the other four.
 */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  histogram,
  label,
  MetricsRuntime,
  oneOf,
  upDown,
} from "metrics-runtime";
import { BUCKETS } from "../inputs.js";
import { type OpenMeasurements, SIZE_BUCKETS } from "./measurements.js";
import { METHODS, ROUTES } from "./routes.js";
import { numberAt, sumOf } from "./snapshot-sums.js";

const method = oneOf(...METHODS);
const route = oneOf(...ROUTES);

const Began = defineMetricEvent("http.request.began", {});
const Ended = defineMetricEvent("http.request.ended", {});
const Counted = defineMetricEvent("http.request.counted", { method, route, status: label() });
const Timed = defineMetricEvent("http.request.timed", { method, route, seconds: float64() });
const Sized = defineMetricEvent("http.request.sized", { route, bytes: float64() });

const METRIC = "http";
const metric = defineMetric(METRIC, {
  in_flight: upDown([
    [Began, +1],
    [Ended, -1],
  ]),
  requests: count(Counted, { by: ["method", "route", "status"] }),
  seconds: histogram(Timed, "seconds", { buckets: BUCKETS, by: ["method", "route"] }),
  sizes: histogram(Sized, "bytes", { buckets: SIZE_BUCKETS, by: ["route"] }),
});

export function openEvents(): OpenMeasurements {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("http");
  recorder.registerMetric(metric);
  const began = recorder.emitter(Began, []);
  const ended = recorder.emitter(Ended, []);
  const counted = recorder.emitter(Counted, ["method", "route", "status"]);
  const timed = recorder.emitter(Timed, ["method", "route", "seconds"]);
  const sized = recorder.emitter(Sized, ["route", "bytes"]);
  return {
    measurements: { began, ended, counted, timed, sized },
    tally: () => {
      const snapshots = recorder.getMetricSnapshots();
      const { dropped, invalid, seriesOverflowed } = recorder.getStats();
      return {
        requests: sumOf(snapshots, METRIC, "requests"),
        durations: sumOf(snapshots, METRIC, "seconds"),
        sizes: sumOf(snapshots, METRIC, "sizes"),
        inFlight: numberAt(snapshots, METRIC, "in_flight"),
        lost: dropped + invalid + seriesOverflowed,
      };
    },
    close: () => runtime.shutdown(),
  };
}
