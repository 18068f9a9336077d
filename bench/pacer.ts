/**
 * One million events a second for ten seconds at the default limit. The pacer looks at the clock,
 * emits what is due, and never more than a burst of 1 000; so the only thing that can fill the
 * queue is that the producer or the runtime thread was not scheduled. The longest such gap of the
 * pacer is printed: drops in a run without a gap above 4 ms would be the library's fault.
 */
import { performance } from "node:perf_hooks";
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  MetricsRuntime,
  oneOf,
} from "metrics-runtime";
import { markdownTable } from "./markdown-table.js";

const EVENTS_PER_MS = 1_000;
const BURST = 1_000;
const SECONDS = 10;
const RUNS = 3;

export function measurePacer(): void {
  const cells = Array.from({ length: RUNS }, (_, run) => [String(run + 1), ...paceOnce()]);
  console.log(
    markdownTable(
      ["run", "events", "dropped", "deepest queue of 10 000", "longest gap, ms", "gaps > 4 ms"],
      cells,
    ),
  );
}

function paceOnce(): string[] {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("pacer");
  const Save = defineMetricEvent("bench.pacer", {
    outcome: oneOf("SUCCESS", "FAILURE"),
    durationMs: float64(),
  });
  recorder.registerMetric(defineMetric("bench.pacer", { total: count(Save) }));
  const emit = recorder.emitter(Save, ["outcome", "durationMs"]);

  let sent = 0;
  let gapMs = 0;
  let longGaps = 0;
  const begin = performance.now();
  let before = begin;
  // What a gap held back is not made up for: `owed` moves with the clock only while we run.
  let owed = 0;
  for (;;) {
    const now = performance.now();
    const passed = now - before;
    before = now;
    gapMs = Math.max(gapMs, passed);
    if (passed > 4) longGaps++;
    if (now - begin >= SECONDS * 1_000) break;
    owed = Math.min(BURST, owed + passed * EVENTS_PER_MS);
    for (; owed >= 1; owed--, sent++) emit("SUCCESS", sent & 1023);
  }
  recorder.stop().wait();
  const { dropped, dispatched, accepted } = recorder.getStats();
  const { deepestQueue } = runtime.getStats();
  runtime.shutdown();
  if (dispatched !== accepted) throw new Error(`${accepted} accepted, ${dispatched} dispatched`);
  return [String(sent), String(dropped), String(deepestQueue), gapMs.toFixed(2), String(longGaps)];
}
