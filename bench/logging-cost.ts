/**
 * What being logged costs a call when nobody wants to know: `tryGetRecorder` as it is, which the library wraps
 * once, beside the same wrapped once more. Interleaved; the medians of several runs.
 */
import { logInvocation, MetricsRuntime } from "metrics-runtime";
import { measure } from "mitata";
import { markdownTable } from "./markdown-table.js";
import { median, quantile } from "./statistics.js";

const RUNS = 9;
const CALLS = 1_000;
const SAMPLING = { min_cpu_time: 100e6, batch_threshold: 0, gc: false } as const;
/** What may be between the two: whichever is more. */
const MOST_NS = 5;
const MOST_SHARE = 0.05;

const ONCE_MORE = logInvocation<MetricsRuntime, [string]>("metrics_runtime.try_get_recorder", {
  logContext: (runtime) => runtime.getLogContext(),
  fields: (runtime) => ({ state: runtime.getStatus() }),
  kwargs: (id) => ({ id }),
});

class WrappedTwice extends MetricsRuntime {}
WrappedTwice.prototype.tryGetRecorder = ONCE_MORE(MetricsRuntime.prototype.tryGetRecorder);

export async function measureLoggingCost(): Promise<void> {
  const once = new MetricsRuntime({ namespace: "once" });
  const twice = new WrappedTwice({ namespace: "twice" });
  for (const runtime of [once, twice]) {
    runtime.start();
    runtime.createRecorder("main");
  }
  const rows = [
    { name: "as it is", loop: () => loopOnce(once), ns: [] as number[] },
    { name: "wrapped once more", loop: () => loopTwice(twice), ns: [] as number[] },
  ];
  for (let run = 0; run < RUNS; run++) {
    for (const { loop, ns } of rows) ns.push((await measure(loop, SAMPLING)).p50 / CALLS);
  }
  once.shutdown();
  twice.shutdown();
  console.log(
    markdownTable(
      ["tryGetRecorder, no log context", "ns, median", "min", "p90"],
      rows.map(({ name, ns }) => [
        name,
        median(ns).toFixed(1),
        Math.min(...ns).toFixed(1),
        quantile(ns, 0.9).toFixed(1),
      ]),
    ),
  );
  const [asItIs = Number.NaN, onceMore = Number.NaN] = rows.map(({ ns }) => median(ns));
  const apart = onceMore - asItIs;
  const most = Math.max(MOST_NS, MOST_SHARE * asItIs);
  console.log(`\n${apart.toFixed(1)} ns apart; claim: at most ${most.toFixed(1)}.`);
}

function loopOnce(runtime: MetricsRuntime): void {
  for (let i = 0; i < CALLS; i++) runtime.tryGetRecorder("main");
}

/** Written out again: one loop for both would see two methods. */
function loopTwice(runtime: MetricsRuntime): void {
  for (let i = 0; i < CALLS; i++) runtime.tryGetRecorder("main");
}
