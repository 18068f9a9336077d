/**
 * Bytes that one emitted event leaves on the JavaScript heap, once the code is optimised. V8 boxes a
 * double in the caller when it does not inline the call; so small integers, which need no box, are
 * measured apart from computed doubles.
 */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  label,
  MetricsRuntime,
  oneOf,
} from "metrics-runtime";
import { markdownTable } from "./markdown-table.js";
import { median } from "./statistics.js";

const EVENTS = 100_000;
const WARM_UP_ROUNDS = 20;
const ROUNDS = 9;

/** Eight callees at one call are too many to inline: the engine boxes the argument for each call. */
const emptyFunctions: readonly ((value: number) => void)[] = [
  (_) => {},
  (_) => {},
  (_) => {},
  (_) => {},
  (_) => {},
  (_) => {},
  (_) => {},
  (_) => {},
];

export function measureAllocation(): void {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("run with node --expose-gc");
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("allocation", { queueMaxSize: 2 ** 20 });
  const Save = defineMetricEvent("bench.save", {
    outcome: oneOf("SUCCESS", "FAILURE"),
    durationMs: float64(),
  });
  const Load = defineMetricEvent("bench.load", {
    outcome: oneOf("SUCCESS", "FAILURE"),
    backend: label(),
    durationMs: float64(),
  });
  recorder.registerMetric(
    defineMetric("bench.allocation", { saves: count(Save), loads: count(Load) }),
  );
  const emitSave = recorder.emitter(Save, ["outcome", "durationMs"]);
  const emitLoad = recorder.emitter(Load, ["outcome", "backend", "durationMs"]);
  const kept = Load({ outcome: "SUCCESS", backend: "s3", durationMs: 3.2 });

  const rows: Record<string, () => void> = {
    "an empty loop": () => {
      for (let i = 0; i < EVENTS; i++);
    },
    "control: empty functions, not inlined, computed doubles": () => {
      for (let i = 0; i < EVENTS; i++) (emptyFunctions[i & 7] as (value: number) => void)(i * 0.37);
    },
    "emitter, 2 fields, small integers": () => {
      for (let i = 0; i < EVENTS; i++) emitSave("SUCCESS", i & 1023);
    },
    "emitter, 2 fields, computed doubles": () => {
      for (let i = 0; i < EVENTS; i++) emitSave("SUCCESS", i * 0.37);
    },
    "emitter, 2 fields + 1 label, small integers": () => {
      for (let i = 0; i < EVENTS; i++) emitLoad("SUCCESS", "s3", i & 1023);
    },
    "emitter, 2 fields + 1 label, computed doubles": () => {
      for (let i = 0; i < EVENTS; i++) emitLoad("SUCCESS", "s3", i * 0.37);
    },
    "registerEvent, event made before": () => {
      for (let i = 0; i < EVENTS; i++) recorder.registerEvent(kept);
    },
  };
  const cells = Object.entries(rows).map(([name, run]) => {
    for (let round = 0; round < WARM_UP_ROUNDS; round++) {
      run();
      recorder.getMetricSnapshots();
    }
    const bytes = Array.from({ length: ROUNDS }, () => {
      collect();
      const before = process.memoryUsage().heapUsed;
      run();
      const after = process.memoryUsage().heapUsed;
      recorder.getMetricSnapshots();
      return (after - before) / EVENTS;
    });
    return [name, median(bytes).toFixed(3), Math.max(...bytes).toFixed(3)];
  });
  runtime.shutdown();
  console.log(markdownTable(["operation", "bytes per event, median", "max"], cells));
  console.log(`\n(${EVENTS} events a round; memoryUsage itself leaves about 1 kB.)`);
}
