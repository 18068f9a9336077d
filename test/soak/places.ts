/** Who records what: known to every thread of the soak. */
import { QueueOverflowPolicy } from "metrics-runtime";
import { INSTRUMENTS } from "./instruments.js";

/** A place is a thread and, when it has ended, the one that comes after it. */
export const PLACES = ["main", "worker 1", "worker 2", "worker 3", "worker 4"] as const;
export const MAIN = 0;

/** The recorders that all threads share, as long as the soak goes. */
export const STREAMS = [
  { id: "dropping", queueMaxSize: 400, policy: QueueOverflowPolicy.DROP, way: "emitter" },
  {
    id: "raising",
    queueMaxSize: 400,
    policy: QueueOverflowPolicy.RAISE_ERROR,
    way: "registerEvent",
  },
  // Each thread has a custom metric there.
  { id: "followed", queueMaxSize: 4_000, policy: QueueOverflowPolicy.DROP, way: "emitter" },
] as const;
export const FOLLOWED = STREAMS.length - 1;
/** Of these the accounts tell, in this order. */
export const WORKLOADS = [
  ...STREAMS.map(({ id }) => id),
  ...INSTRUMENTS.map(({ name }) => name),
] as const;
export const FIRST_INSTRUMENT = STREAMS.length;
export const INSTRUMENT_RECORDER = "instruments";
