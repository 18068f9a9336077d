/** hot-shots, sending to a socket of the parent process; it has no buckets, those are the receiver's. */
import type { HotShotsModule } from "../peers/hot-shots-api.js";
import { loadPackage } from "../peers/load.js";
import type { OpenMeasurements } from "./measurements.js";

/** What a frame of Ethernet holds, as in the other sections. */
const MAX_BUFFER_SIZE = 1_432;

export async function openHotShots(port: number): Promise<OpenMeasurements> {
  const { StatsD } = (await loadPackage("hot-shots")) as HotShotsModule;
  const client = new StatsD({
    host: "127.0.0.1",
    port,
    maxBufferSize: MAX_BUFFER_SIZE,
    aggregation: false,
    errorHandler: () => {}, // a full socket buffer; what arrives is not what is measured
  });
  return {
    measurements: {
      began: () => client.increment("in_flight", 1),
      ended: () => client.increment("in_flight", -1),
      counted: (method, route, status) =>
        client.increment("requests", 1, { method, route, status }),
      timed: (method, route, seconds) => client.histogram("seconds", seconds, { method, route }),
      sized: (route, bytes) => client.histogram("sizes", bytes, { route }),
    },
    close: () => new Promise<void>((resolve) => client.close(() => resolve())),
  };
}
