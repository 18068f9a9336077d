/** Metrics and instruments of every kind, as an application has them, with values that are known. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  distinct,
  exponentialHistogram,
  float64,
  histogram,
  key,
  label,
  last,
  type MetricsRuntime,
  max,
  mean,
  min,
  oneOf,
  quantiles,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import type { Declared, DeclaredRecorder } from "./exposed-families.js";
import type { FamilyType } from "./exposed-names.js";

const Saved = defineMetricEvent("scrapes.saved", {
  ms: float64(),
  bytes: uint32(),
  outcome: oneOf("SUCCESS", "FAILURE"),
  place: label(),
  user: key(),
});

const by = ["place", "outcome"] as const;
const SAVES = {
  total: ["counter", count(Saved, { by, maxSeries: 3, help: "Documents saved." })],
  bytes: ["counter", sum(Saved, "bytes", { unit: "By", help: "Written." })],
  balance: ["gauge", sum(Saved, "ms", { by: ["place"], help: "Can fall." })],
  open: ["gauge", upDown([[Saved, -2.5]], { help: "Open." })],
  least: ["gauge", min(Saved, "ms", { help: "Least." })],
  most: ["gauge", max(Saved, "ms", { by, help: "Most." })],
  usual: ["gauge", mean(Saved, "ms", { help: "Usual." })],
  latest: ["gauge", last(Saved, "ms", { help: "Latest." })],
  took: ["histogram", histogram(Saved, "ms", { buckets: [1, 10.5, 1e6], help: "Took." })],
  around: ["histogram", histogram(Saved, "ms", { buckets: [-5, 0, 5], by, help: "Both signs." })],
  wide: ["exponentialHistogram", exponentialHistogram(Saved, "ms", { help: "Any range." })],
  ranks: ["summary", quantiles(Saved, "ms", { quantiles: [0.5, 0.99], by, help: "Ranks." })],
  users: ["gauge", distinct(Saved, "user", { help: "Users." })],
} as const;
const SAVED = defineMetric(
  "saves",
  Object.fromEntries(Object.entries(SAVES).map(([name, [, dimension]]) => [name, dimension])),
);

const MILLISECONDS = [0, -7.25, 0.1, 3, 10.5, 250, 1e9, 2 ** -140, 9_007_199_254_740_991];
const PLACES = ["here", 'a "b"\\\n', "é 🦊"];

/** What the tests write to later. */
export interface ScrapedMetrics {
  readonly declared: readonly Declared[];
  /** How many there are. */
  readonly recorders: number;
  /** Adds to `shop_hits_total{recorder="web",to="x"}`. */
  hit(times: number): void;
  /** Records into `shop_seconds{recorder="web"}`. */
  wait(seconds: number): void;
  /** Ends the recorder `short` and makes it again, with one hit. */
  restart(): void;
}

export function scrapedMetrics(runtime: MetricsRuntime): ScrapedMetrics {
  const web = createRecorder(runtime, "web");
  const files = createRecorder(runtime, 'files "1"\\2\n3', {
    entityId: "disk é",
    namespace: "my.store",
  });
  const second = createRecorder(runtime, "web-2");
  const idle = createRecorder(runtime, "idle");
  let short = createRecorder(runtime, "short");
  const declared: Declared[] = [];
  const declare = (of: DeclaredRecorder, metric: string, type: FamilyType, unit = "") =>
    declared.push({ of, metric, type, unit, help: `${metric} is told.` });

  for (const of of [web, second]) {
    instrumentsOf(of);
    for (const [metric, type, unit] of INSTRUMENTS) declare(of, metric, type, unit);
  }
  for (const of of [web, files, idle]) {
    of.recorder.registerMetric(SAVED);
    for (const [dimension, [type, { help, unit }]] of Object.entries(SAVES)) {
      declared.push({ of, metric: "saves", dimension, type, help, unit });
    }
  }
  for (const { recorder } of [web, files]) {
    for (const [i, ms] of MILLISECONDS.entries()) {
      const place = PLACES[i % PLACES.length] ?? "";
      const outcome = i % 2 === 0 ? "SUCCESS" : "FAILURE";
      recorder.registerEvent(Saved({ ms, bytes: 1_000 * i, outcome, place, user: `u${i % 4}` }));
    }
  }
  const lives = () => short.recorder.counter("lives", { help: "lives is told." });
  lives().add(1_000);
  declare(short, "lives", "counter");

  return {
    get declared() {
      return declared.map((one) => (one.of.id === "short" ? { ...one, of: short } : one));
    },
    recorders: 5,
    hit: (times) => hitsOf(web).add(times, { to: "x" }),
    wait: (seconds) => secondsOf(web).record(seconds),
    restart() {
      runtime.stopAndRemoveRecorder("short");
      short = createRecorder(runtime, "short");
      lives().add(1);
    },
  };
}

function createRecorder(
  runtime: MetricsRuntime,
  id: string,
  { entityId = id, namespace = "shop" } = {},
): DeclaredRecorder {
  return { recorder: runtime.createRecorder(id, { entityId, namespace }), id, entityId, namespace };
}

const INSTRUMENTS = [
  ["hits", "counter", ""],
  ["read", "counter", "By"],
  ["open", "gauge", ""],
  ["heat", "gauge", "Cel"],
  ["heap", "gauge", "By"],
  ["pools", "gauge", ""],
  ["never_set", "gauge", ""],
  ["took", "histogram", "s"],
  ["never_took", "histogram", "s"],
  ["seconds", "exponentialHistogram", "s"],
  ["far", "exponentialHistogram", ""],
  ["never_far", "exponentialHistogram", ""],
] as const satisfies readonly (readonly [string, FamilyType, string])[];

const toldOf = (metric: string, unit?: string) => ({ help: `${metric} is told.`, unit });
const hitsOf = ({ recorder }: DeclaredRecorder) =>
  recorder.counter("hits", { ...toldOf("hits"), labels: ["to"], maxSeries: 4 });
const secondsOf = ({ recorder }: DeclaredRecorder) =>
  recorder.histogram("seconds", { ...toldOf("seconds", "s"), exponential: true });

function instrumentsOf(of: DeclaredRecorder): void {
  const { recorder } = of;
  for (const [i, to] of ["x", "", 'q"\\', "\0\r\t", "é\u2028🦊", "more"].entries()) {
    hitsOf(of).add(1_000 + i / 8, { to });
  }
  recorder.counter("read", toldOf("read", "By")).add(2 ** 60);
  recorder.upDownCounter("open", toldOf("open")).add(-3);
  const heat = recorder.gauge("heat", { ...toldOf("heat", "Cel"), labels: ["le", "recorder"] });
  heat.set(-1.7976931348623157e308, { le: "1", recorder: "r" });
  heat.set(5e-324, { le: "2", recorder: "r" });
  recorder.observableGauge("heap", toldOf("heap", "By"), () => 2 ** 53);
  recorder.observableGauge("pools", { ...toldOf("pools"), labels: ["pool"] }, (observe) => {
    observe(3, { pool: "users" });
    observe(-0.5, { pool: "orders" });
  });
  recorder.gauge("never_set", toldOf("never_set"));
  const took = { ...toldOf("took", "s"), buckets: [0.1, 1, 2.5e7], labels: ["to"] } as const;
  for (const seconds of [0.05, 0.1, 7, 1e9])
    recorder.histogram("took", took).record(seconds, { to: "x" });
  recorder.histogram("never_took", { ...toldOf("never_took", "s"), buckets: [1, 2] });
  for (let i = 1; i <= 200; i++) secondsOf(of).record(i / 100);
  const far = recorder.histogram("far", { ...toldOf("far"), exponential: { maxSize: 40 } });
  for (const value of [0, -1, -1e6, 1e-9, 1e9, 42]) far.record(value);
  recorder.histogram("never_far", { ...toldOf("never_far"), exponential: true });
}
