/** The operations whose cost is compared: floors, ways to record an event. */
import {
  defineMetricEvent,
  type EventClassDeclaration,
  float64,
  key,
  label,
  type MetricsRecorder,
  oneOf,
  uint32,
} from "metrics-runtime";
import { loadAddon } from "./internals.js";
import type { RawRing } from "./raw-ring.js";

/** Different classes live at once, used in rotation: what an application looks like to the engine. */
export const CLASSES = 8;
/** Operations in one timed sample. */
export const OPERATIONS = 8_000;

export const RAW_UNREAD = "raw ring write, nobody reads";
export const RAW_DRAINED = "raw ring write, drained";

const OUTCOMES = ["SUCCESS", "FAILURE"] as const;
/** As long as a UUID. */
const KEYS = Array.from({ length: 64 }, (_, index) => `user-${index}`.padEnd(36, "-"));

const indexes = Array.from({ length: CLASSES }, (_, index) => index);
const numericClasses = indexes.map((index) =>
  defineMetricEvent(`bench.numeric_${index}`, { size: uint32(), durationMs: float64() }),
);
const twoFieldClasses = indexes.map((index) =>
  defineMetricEvent(`bench.two_${index}`, { outcome: oneOf(...OUTCOMES), durationMs: float64() }),
);
const threeFieldClasses = indexes.map((index) =>
  defineMetricEvent(`bench.three_${index}`, {
    outcome: oneOf(...OUTCOMES),
    backend: label(),
    durationMs: float64(),
  }),
);
const keyClasses = indexes.map((index) =>
  defineMetricEvent(`bench.key_${index}`, { size: uint32(), user: key() }),
);

/** Each has events in the rows below. */
export const MEASURED_CLASSES: readonly EventClassDeclaration[] = [
  ...numericClasses,
  ...twoFieldClasses,
  ...threeFieldClasses,
  ...keyClasses,
];

export interface Row {
  readonly name: string;
  /** Does `OPERATIONS` operations; the sum keeps the engine from leaving them out. */
  readonly run: () => number;
  readonly nanoseconds: number[];
}

export function recordingRows(recorder: MetricsRecorder, unread: RawRing, drained: RawRing): Row[] {
  return [...floors(unread, drained), ...emitters(recorder), ...registrations(recorder)];
}

// Each row has a loop of its own, written out: through a shared one the engine would see a dozen
// different callees and inline none.

function floors(unread: RawRing, drained: RawRing): Row[] {
  const { emptyCall } = loadAddon();
  return [
    row("empty loop", () => {
      let sum = 0;
      for (let i = 0; i < OPERATIONS; i++) sum += i & 7;
      return sum;
    }),
    row(RAW_UNREAD, () => {
      let sum = 0;
      for (let i = 0; i < OPERATIONS; i++) sum += unread.write(i & 7, i, i * 0.5) ? 1 : 0;
      return sum;
    }),
    row(RAW_DRAINED, () => {
      let sum = 0;
      for (let i = 0; i < OPERATIONS; i++) sum += drained.write(i & 7, i, i * 0.5) ? 1 : 0;
      return sum;
    }),
    row("empty N-API call", () => {
      for (let i = 0; i < OPERATIONS; i++) emptyCall();
      return OPERATIONS;
    }),
  ];
}

function emitters(recorder: MetricsRecorder): Row[] {
  const numeric = numericClasses.map((event) => recorder.emitter(event, ["size", "durationMs"]));
  const two = twoFieldClasses.map((event) => recorder.emitter(event, ["outcome", "durationMs"]));
  const three = threeFieldClasses.map((event) =>
    recorder.emitter(event, ["outcome", "backend", "durationMs"]),
  );
  const keyed = keyClasses.map((event) => recorder.emitter(event, ["size", "user"]));
  return [
    row("emitter, 2 fields (uint32, float64)", () => {
      let sum = 0;
      for (let i = 0; i < OPERATIONS; i++) {
        sum += (numeric[i & 7] as (typeof numeric)[number])(i, i * 0.5) ? 1 : 0;
      }
      return sum;
    }),
    row("emitter, 2 fields (oneOf, float64)", () => {
      let sum = 0;
      for (let i = 0; i < OPERATIONS; i++) {
        sum += (two[i & 7] as (typeof two)[number])(outcomeAt(i), i * 0.5) ? 1 : 0;
      }
      return sum;
    }),
    row("emitter, 2 fields + 1 label", () => {
      let sum = 0;
      for (let i = 0; i < OPERATIONS; i++) {
        const emit = three[i & 7] as (typeof three)[number];
        sum += emit(outcomeAt(i), backendAt(i), i * 0.5) ? 1 : 0;
      }
      return sum;
    }),
    row("emitter, uint32 + key of 36 characters", () => {
      let sum = 0;
      for (let i = 0; i < OPERATIONS; i++) {
        const emit = keyed[i & 7] as (typeof keyed)[number];
        sum += emit(i, KEYS[i & 63] as string) ? 1 : 0;
      }
      return sum;
    }),
  ];
}

function registrations(recorder: MetricsRecorder): Row[] {
  const kept = twoFieldClasses.map((make) => make({ outcome: "SUCCESS", durationMs: 3.2 }));
  return [
    row("registerEvent, 2 fields", () => {
      let sum = 0;
      for (let i = 0; i < OPERATIONS; i++) {
        const make = twoFieldClasses[i & 7] as (typeof twoFieldClasses)[number];
        const event = make({ outcome: outcomeAt(i), durationMs: i * 0.5 });
        sum += recorder.registerEvent(event) ? 1 : 0;
      }
      return sum;
    }),
    row("registerEvent, 2 fields + 1 label", () => {
      let sum = 0;
      for (let i = 0; i < OPERATIONS; i++) {
        const make = threeFieldClasses[i & 7] as (typeof threeFieldClasses)[number];
        const event = make({
          outcome: outcomeAt(i),
          backend: backendAt(i),
          durationMs: i * 0.5,
        });
        sum += recorder.registerEvent(event) ? 1 : 0;
      }
      return sum;
    }),
    row("registerEvent, 2 fields, event made before", () => {
      let sum = 0;
      for (let i = 0; i < OPERATIONS; i++) {
        sum += recorder.registerEvent(kept[i & 7] as (typeof kept)[number]) ? 1 : 0;
      }
      return sum;
    }),
  ];
}

const outcomeAt = (i: number): (typeof OUTCOMES)[number] => ((i & 1) === 0 ? "SUCCESS" : "FAILURE");
const backendAt = (i: number): string => ((i & 2) === 0 ? "s3" : "filesystem");

function row(name: string, run: () => number): Row {
  return { name, run, nanoseconds: [] };
}
