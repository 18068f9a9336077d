/**
 * The instruments of the soak. What the n-th write of a place writes is a function of n, so what n writes come to is
 * too. Nothing is ever refused.
 */
import type { MetricSnapshots, MetricsRecorder, Series, SeriesValue } from "metrics-runtime";

/** Some of its series are held by the main thread and so never end, whatever the others do. */
const EXPIRE_AFTER_MS = 40;
const ITEMS = ["a", "b", "c", "d"] as const;
/** So many writes in a row are of one item, while the threads' parts of the others end. */
const RUN = 512;
const BOUNDS = [1, 2, 4, 8];
const VALUES = [0.5, 1, 1.5, 3, 4, 6, 8, 100];
const SERIES_WITHOUT_OVERFLOW = 8;
const ROOMS = 20;
const WITH_PLACE = ["place"] as const;

const stepAt = (n: number): number => 1 + (n % 3);
const levelAt = (n: number): number => (n % 5) - 2;
const valueAt = (n: number): number => VALUES[n % VALUES.length] ?? 0;
const itemAt = (n: number): string => ITEMS[Math.floor(n / RUN) % ITEMS.length] ?? "a";
const roomAt = (n: number): number => n % ROOMS;

/** By name what a place has come to; as numbers alone, so that a value that is not there is one too. */
export type Values = Readonly<Record<string, number | undefined>>;

export interface InstrumentWorkload {
  readonly name: string;
  /** Makes the instrument, on each thread; a function that makes write `n`, `false` if it was refused. */
  prepare(recorder: MetricsRecorder, place: string): (n: number) => boolean;
  /** What `n` writes of a place come to. */
  expected(n: number): Values;
  found(snapshots: MetricSnapshots, place: string): Values;
  /** On the main thread, once, before any other writes. */
  hold?(recorder: MetricsRecorder, places: readonly string[]): void;
  /** Of a write that a thread ended inside, this much of the sum may be there without the rest. */
  tornSum?(n: number): number;
}

function seriesOf(snapshots: MetricSnapshots, name: string): readonly Series<SeriesValue>[] {
  const value = snapshots[name]?.dimensions.value;
  if (!Array.isArray(value)) throw new Error(`no series of ${name}`);
  return value;
}

function readingOf(snapshots: MetricSnapshots, name: string, labels: Record<string, string>) {
  const keys = Object.entries(labels);
  return seriesOf(snapshots, name).find((one) =>
    keys.every(([key, value]) => one.labels[key] === value),
  )?.value;
}

/** The sum of what repeats itself each `period`. */
function sumOf(n: number, period: number, valueAt: (n: number) => number): number {
  const first = (count: number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += valueAt(i);
    return sum;
  };
  return Math.floor(n / period) * first(period) + first(n % period);
}

/** How many of the first `n` are of that item. */
const countOfItem = (n: number, item: string): number => {
  const index = ITEMS.indexOf(item as (typeof ITEMS)[number]);
  const cycle = RUN * ITEMS.length;
  const within = Math.min(RUN, Math.max(0, (n % cycle) - index * RUN));
  return Math.floor(n / cycle) * RUN + within;
};

function histogramOf(value: SeriesValue | undefined): Values {
  if (typeof value !== "object" || value === null) return {};
  if (!("buckets" in value) && !("zeroCount" in value)) return {};
  const counts = "buckets" in value ? value.buckets.map(({ count }) => count) : [];
  const { count, sum, min, max } = value;
  const buckets = counts.map((each, index) => [`bucket ${index}`, each]);
  return {
    count,
    sum,
    min: min ?? undefined,
    max: max ?? undefined,
    ...Object.fromEntries(buckets),
  };
}

function histogramAfter(n: number, bounds: readonly number[]): Values {
  if (n === 0) return {};
  const seen = VALUES.slice(0, n);
  const bucketOf = (value: number) => {
    const index = bounds.findIndex((bound) => value <= bound);
    return index < 0 ? bounds.length : index;
  };
  const buckets =
    bounds.length === 0
      ? []
      : [...bounds, Number.POSITIVE_INFINITY].map((_, index) => [
          `bucket ${index}`,
          sumOf(n, VALUES.length, (i) => (bucketOf(valueAt(i)) === index ? 1 : 0)),
        ]);
  return {
    count: n,
    sum: sumOf(n, VALUES.length, valueAt),
    min: Math.min(...seen),
    max: Math.max(...seen),
    ...Object.fromEntries(buckets),
  };
}

/** Nothing written yet is no series, or one of nothing, as a thread that keeps one has begun it. */
const orNothing = (value: SeriesValue | undefined): number | undefined =>
  typeof value === "number" && value !== 0 ? value : undefined;

export const INSTRUMENTS: readonly InstrumentWorkload[] = [
  {
    name: "adds",
    prepare(recorder, place) {
      const kept = recorder.counter("adds", { help: "", labels: WITH_PLACE }).labels({ place });
      return (n) => kept.add(stepAt(n));
    },
    expected: (n) => ({ value: sumOf(n, 3, stepAt) || undefined }),
    found: (snapshots, place) => ({ value: orNothing(readingOf(snapshots, "adds", { place })) }),
  },
  {
    name: "levels",
    prepare(recorder, place) {
      const levels = recorder.upDownCounter("levels", { help: "", labels: WITH_PLACE });
      return (n) => levels.add(levelAt(n), { place });
    },
    expected: (n) => ({ value: sumOf(n, 5, levelAt) || undefined }),
    found: (snapshots, place) => ({ value: orNothing(readingOf(snapshots, "levels", { place })) }),
  },
  {
    name: "latest",
    prepare(recorder, place) {
      const latest = recorder.gauge("latest", { help: "", labels: WITH_PLACE });
      return (n) => latest.set(n + 1, { place });
    },
    expected: (n) => ({ value: n || undefined }),
    found: (snapshots, place) => ({ value: orNothing(readingOf(snapshots, "latest", { place })) }),
  },
  {
    name: "explicit",
    prepare(recorder, place) {
      const options = { help: "", labels: WITH_PLACE, buckets: BOUNDS };
      const explicit = recorder.histogram("explicit", options);
      return (n) => explicit.record(valueAt(n), { place });
    },
    expected: (n) => histogramAfter(n, BOUNDS),
    found: (snapshots, place) => histogramOf(readingOf(snapshots, "explicit", { place })),
    tornSum: valueAt,
  },
  {
    name: "exponential",
    prepare(recorder, place) {
      const options = { help: "", labels: WITH_PLACE, exponential: true } as const;
      const kept = recorder.histogram("exponential", options).labels({ place });
      return (n) => kept.record(valueAt(n));
    },
    expected: (n) => histogramAfter(n, []),
    found: (snapshots, place) => {
      const { count, ...values } = histogramOf(readingOf(snapshots, "exponential", { place }));
      return count === 0 ? {} : { count, ...values };
    },
    tornSum: valueAt,
  },
  {
    name: "expiring",
    hold(recorder, places) {
      const expiring = recorder.counter("expiring", EXPIRING);
      for (const place of places) for (const item of ITEMS) expiring.labels({ place, item });
    },
    prepare(recorder, place) {
      const expiring = recorder.counter("expiring", EXPIRING);
      return (n) => expiring.add(1, { place, item: itemAt(n) });
    },
    expected: (n) => Object.fromEntries(ITEMS.map((item) => [item, countOfItem(n, item)])),
    found: (snapshots, place) =>
      Object.fromEntries(
        ITEMS.map((item) => [item, readingOf(snapshots, "expiring", { place, item }) as number]),
      ),
  },
  {
    name: "rooms",
    hold(recorder) {
      const rooms = recorder.counter("rooms", ROOM_OPTIONS);
      for (let n = 0; n < SERIES_WITHOUT_OVERFLOW; n++) rooms.labels(roomLabels("all", n));
    },
    prepare(recorder) {
      const rooms = recorder.counter("rooms", ROOM_OPTIONS);
      return (n) => rooms.add(1, roomLabels("all", roomAt(n)));
    },
    // Of all places together: see overflowOf.
    expected: () => ({}),
    found: () => ({}),
  },
];

const EXPIRING = {
  help: "",
  labels: ["place", "item"],
  expireAfterMs: EXPIRE_AFTER_MS,
} as const;
const ROOM_OPTIONS = {
  help: "",
  labels: ["place", "room"],
  maxSeries: SERIES_WITHOUT_OVERFLOW,
} as const;
const roomLabels = (place: string, room: number) => ({ place, room: String(room) });

/** What the rooms of all places come to: those that have a series, and the others in one. */
export function expectedRooms(writes: readonly number[]): Values {
  const of = (isOne: (room: number) => boolean) =>
    writes.reduce((all, n) => all + sumOf(n, ROOMS, (i) => (isOne(roomAt(i)) ? 1 : 0)), 0);
  const named = Array.from({ length: SERIES_WITHOUT_OVERFLOW }, (_, room) => [
    `room ${room}`,
    of((one) => one === room),
  ]);
  return { ...Object.fromEntries(named), overflow: of((room) => room >= SERIES_WITHOUT_OVERFLOW) };
}

export function foundRooms(snapshots: MetricSnapshots): Values {
  return Object.fromEntries(
    seriesOf(snapshots, "rooms").map(({ labels, value }) => [
      labels.metrics_overflow === "true" ? "overflow" : `room ${labels.room}`,
      value as number,
    ]),
  );
}
