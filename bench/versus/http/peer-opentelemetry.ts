/** @opentelemetry/sdk-metrics, with a reader that never reads. */
import { BUCKETS } from "../inputs.js";
import { openMeter } from "../peers/opentelemetry-api.js";
import { type OpenMeasurements, SIZE_BUCKETS } from "./measurements.js";

const MOST_SERIES = 2_000;

export async function openOpenTelemetry(): Promise<OpenMeasurements> {
  const { meter, close } = await openMeter(MOST_SERIES);
  const requests = meter.createCounter("requests");
  const inFlight = meter.createUpDownCounter("in_flight");
  const histogram = (name: string, explicitBucketBoundaries: readonly number[]) =>
    meter.createHistogram(name, { advice: { explicitBucketBoundaries } });
  const seconds = histogram("seconds", BUCKETS);
  const sizes = histogram("sizes", SIZE_BUCKETS);
  return {
    measurements: {
      began: () => inFlight.add(1),
      ended: () => inFlight.add(-1),
      counted: (method, route, status) => requests.add(1, { method, route, status }),
      timed: (method, route, duration) => seconds.record(duration, { method, route }),
      sized: (route, bytes) => sizes.record(bytes, { route }),
    },
    close,
  };
}
