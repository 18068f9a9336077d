/**
 * What one recorded event costs the JavaScript thread, beside its floors and prom-client, all in one
 * run and interleaved: each round measures every row once; the figures are medians over the rounds.
 */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  label,
  type MetricsRecorder,
  MetricsRuntime,
  oneOf,
  uint32,
} from "metrics-runtime";
import { measure } from "mitata";
import { Counter, Registry } from "prom-client";
import { loadAddon } from "./internals.js";
import { markdownTable } from "./markdown-table.js";
import { openDrainedRing, openUnreadRing, type RawRing } from "./raw-ring.js";
import { median, quantile } from "./statistics.js";

const ROUNDS = 15;
const NS_PER_ROUND = 40e6;
/** Different classes live at once, used in rotation: what an application looks like to the engine. */
const CLASSES = 8;
const QUEUE_MAX_SIZE = 2 ** 16;
/** Operations in one timed sample. */
const OPERATIONS = 8_000;

const OUTCOMES = ["SUCCESS", "FAILURE"] as const;
const RAW_UNREAD = "raw ring write, nobody reads";
const RAW_DRAINED = "raw ring write, drained";
const PROM_HELD = "prom-client, held child with 2 labels";

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

interface Row {
  readonly name: string;
  /** Does `OPERATIONS` operations; the sum keeps the engine from leaving them out. */
  readonly run: () => number;
  readonly nanoseconds: number[];
}

export async function measureRecordingCost(): Promise<void> {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("cost", { queueMaxSize: QUEUE_MAX_SIZE });
  for (const eventClass of [...numericClasses, ...twoFieldClasses, ...threeFieldClasses]) {
    recorder.registerMetric(defineMetric(eventClass.eventType, { total: count(eventClass) }));
  }
  const unread = openUnreadRing(QUEUE_MAX_SIZE);
  const drained = openDrainedRing(QUEUE_MAX_SIZE, CLASSES);
  const rows = [
    ...floors(unread, drained),
    ...emitters(recorder),
    ...registrations(recorder),
    ...promClient(),
  ];
  for (let round = 0; round < ROUNDS; round++) {
    for (const row of rows) {
      const { p50 } = await measure(row.run, { min_cpu_time: NS_PER_ROUND });
      row.nanoseconds.push(p50 / OPERATIONS);
    }
  }
  const { offered, dropped } = recorder.getStats();
  runtime.shutdown();
  drained.close();
  print(rows);
  const percent = ((100 * dropped) / offered).toFixed(2);
  console.log(
    `\n${offered} events offered, ${dropped} dropped (${percent} %), queue ${QUEUE_MAX_SIZE}.`,
  );
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

function promClient(): Row[] {
  const counter = new Counter({
    name: "bench_total",
    help: "bench",
    labelNames: ["outcome", "backend"],
    registers: [new Registry()],
  });
  const held = counter.labels("SUCCESS", "s3");
  return [
    row(PROM_HELD, () => {
      for (let i = 0; i < OPERATIONS; i++) held.inc();
      return OPERATIONS;
    }),
    row("prom-client, labels object", () => {
      for (let i = 0; i < OPERATIONS; i++) {
        counter.inc({ outcome: outcomeAt(i), backend: backendAt(i) });
      }
      return OPERATIONS;
    }),
  ];
}

const outcomeAt = (i: number): (typeof OUTCOMES)[number] => ((i & 1) === 0 ? "SUCCESS" : "FAILURE");
const backendAt = (i: number): string => ((i & 2) === 0 ? "s3" : "filesystem");

function row(name: string, run: () => number): Row {
  return { name, run, nanoseconds: [] };
}

function print(rows: readonly Row[]): void {
  const medianOf = (name: string): number =>
    median(rows.find((candidate) => candidate.name === name)?.nanoseconds ?? []);
  const unread = medianOf(RAW_UNREAD);
  const drained = medianOf(RAW_DRAINED);
  const prom = medianOf(PROM_HELD);
  const cells = rows.map(({ name, nanoseconds }) => {
    const ns = median(nanoseconds);
    return [
      name,
      ns.toFixed(1),
      Math.min(...nanoseconds).toFixed(1),
      quantile(nanoseconds, 0.9).toFixed(1),
      (ns / drained).toFixed(2),
      (ns / unread).toFixed(2),
      (prom / ns).toFixed(1),
    ];
  });
  console.log(
    markdownTable(
      [
        "operation",
        "ns, median",
        "min",
        "p90",
        "x raw, drained",
        "x raw, unread",
        "prom-client held / this",
      ],
      cells,
    ),
  );
}
