/** What the main thread and a worker of the soak say to each other. */
import type { MetricsRuntimeToken } from "metrics-runtime";

export interface WorkerTask {
  readonly token: MetricsRuntimeToken;
  readonly place: number;
  /** No other thread of the soak has that one. */
  readonly life: number;
  readonly seed: number;
  readonly accounts: SharedArrayBuffer;
  readonly hearts: SharedArrayBuffer;
}

/** What a worker is told: to rest and go on, or how it ends. */
export type Order = "rest" | "go on" | "return" | "process.exit" | "throw";

export interface WorkerReport {
  readonly recorders: number;
  readonly runtimes: number;
  readonly seriesGone: number;
  readonly snapshots: number;
  /** Why it cannot go on. */
  readonly complaint?: string;
}

/** What it throws when it is told to. */
export const THROWN = "thrown as it was told";
