/** prom-client and @prometheus-io/client. */
import { BUCKETS } from "../inputs.js";
import { loadPackage } from "../peers/load.js";
import type { PrometheusModule } from "../peers/prometheus-api.js";
import { type OpenMeasurements, SIZE_BUCKETS } from "./measurements.js";

const help = "bench";

export async function openPrometheus(packageName: string): Promise<OpenMeasurements> {
  const { Counter, Gauge, Histogram, Registry } = (await loadPackage(
    packageName,
  )) as PrometheusModule;
  const registers = [new Registry()];
  const requests = new Counter({
    name: "requests",
    help,
    labelNames: ["method", "route", "status"],
    registers,
  });
  const inFlight = new Gauge({ name: "in_flight", help, registers });
  const seconds = new Histogram({
    name: "seconds",
    help,
    labelNames: ["method", "route"],
    buckets: BUCKETS,
    registers,
  });
  const sizes = new Histogram({
    name: "sizes",
    help,
    labelNames: ["route"],
    buckets: SIZE_BUCKETS,
    registers,
  });
  return {
    measurements: {
      began: () => inFlight.inc(),
      ended: () => inFlight.dec(),
      counted: (method, route, status) => requests.inc({ method, route, status }),
      timed: (method, route, duration) => seconds.observe({ method, route }, duration),
      sized: (route, bytes) => sizes.observe({ route }, bytes),
    },
    close() {},
  };
}
