/**
 * One million events a second for ten seconds at the default limit. The pacer looks at the clock,
 * emits what is due, and never more than a burst of 1 000; so the queue can only fill when one of
 * the two threads does not get a processor. The longest such gap of each is printed: the pacer's
 * from its own clock; the runtime thread's as the longest time that the queue stayed at least half
 * full (it has been woken then). Beside them, what the hypervisor took away from the whole machine
 * during the run. Drops in a run without a gap above 4 ms would be the library's fault.
 */
import { performance } from "node:perf_hooks";
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  type MetricsRecorder,
  MetricsRuntime,
  oneOf,
} from "metrics-runtime";
import { stolenMs } from "./machine.js";
import { markdownTable } from "./markdown-table.js";

const EVENTS_PER_MS = 1_000;
const BURST = 1_000;
const SECONDS = 10;
const RUNS = 3;
const LOOK_EVERY_MS = 0.2;

export function measurePacer(): void {
  const cells = Array.from({ length: RUNS }, (_, run) => [String(run + 1), ...paceOnce()]);
  console.log(
    markdownTable(
      [
        "run",
        "events",
        "dropped",
        "deepest queue of 10 000",
        "pacer: longest gap, ms",
        "runtime thread: longest gap, ms",
        "stolen by the hypervisor, ms",
      ],
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

  const watch = new RuntimeThreadWatch(recorder);
  const stolenBefore = stolenMs();
  let sent = 0;
  let gapMs = 0;
  const begin = performance.now();
  let before = begin;
  // What a gap held back is not made up for beyond one burst.
  let owed = 0;
  for (;;) {
    const now = performance.now();
    const passed = now - before;
    before = now;
    gapMs = Math.max(gapMs, passed);
    if (now - begin >= SECONDS * 1_000) break;
    owed = Math.min(BURST, owed + passed * EVENTS_PER_MS);
    for (; owed >= 1; owed--, sent++) emit("SUCCESS", sent & 1023);
    watch.look(now);
  }
  recorder.stop().wait();
  const { dropped, dispatched, accepted } = recorder.getStats();
  const { deepestQueue } = runtime.getStats();
  runtime.shutdown();
  if (dispatched !== accepted) throw new Error(`${accepted} accepted, ${dispatched} dispatched`);
  return [
    String(sent),
    String(dropped),
    String(deepestQueue),
    gapMs.toFixed(2),
    watch.longestGapMs.toFixed(2),
    String(stolenMs() - stolenBefore),
  ];
}

/** Finds out, from the outside, how long the runtime thread took to begin a drain it was woken for. */
class RuntimeThreadWatch {
  longestGapMs = 0;
  readonly #recorder: MetricsRecorder;
  #lookedAt = 0;
  #halfFullSince: number | undefined;

  constructor(recorder: MetricsRecorder) {
    this.#recorder = recorder;
  }

  look(now: number): void {
    if (now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    const { pending, queueMaxSize } = this.#recorder.getStats();
    if (pending < queueMaxSize / 2) {
      this.#halfFullSince = undefined;
    } else {
      this.#halfFullSince ??= now;
      this.longestGapMs = Math.max(this.longestGapMs, now - this.#halfFullSince);
    }
  }
}
