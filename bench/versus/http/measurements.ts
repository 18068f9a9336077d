/** What the service records, whoever counts it. */
import type { Method, Route } from "./routes.js";
import type { Tally } from "./tally.js";

/** For each request each of the five is called once. */
export interface Measurements {
  /** One more in flight. */
  began(): void;
  /** One less in flight. */
  ended(): void;
  counted(method: Method, route: Route, status: string): void;
  timed(method: Method, route: Route, seconds: number): void;
  sized(route: Route, bytes: number): void;
}

export interface OpenMeasurements {
  readonly measurements: Measurements;
  /** What was counted, where that can be asked and is ours to answer for. */
  readonly tally?: () => Tally;
  readonly close: () => void | Promise<void>;
}

/** 11 bounds, as the seconds have. */
export const SIZE_BUCKETS = [32, 64, 96, 128, 192, 256, 384, 512, 768, 1_024, 4_096];

/** Nothing is recorded: what the service alone takes. */
export function openNothing(): OpenMeasurements {
  return {
    measurements: { began() {}, ended() {}, counted() {}, timed() {}, sized() {} },
    close() {},
  };
}
