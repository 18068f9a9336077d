/**
 * What being logged costs a call when nobody wants to know: `tryGetRecorder` as it is, which the library wraps,
 * beside the same without. Both are measured in each of many short rounds, and compared within it: a machine that is
 * shared changes its pace from round to round.
 */
import { MetricsRuntime } from "metrics-runtime";
import { measure } from "mitata";
import { unlogged } from "./internals.js";
import { markdownTable } from "./markdown-table.js";
import { median, quantile } from "./statistics.js";

const ROUNDS = 101;
const CALLS = 1_000;
const SAMPLING = { min_cpu_time: 10e6, batch_threshold: 0, gc: false } as const;
/** What may be between the two: whichever is more. */
const MOST_NS = 5;
const MOST_SHARE = 0.05;

/** Both on one object: two of them would differ in more than the wrapper. */
class WithBoth extends MetricsRuntime {
  declare unlogged: MetricsRuntime["tryGetRecorder"];
}
WithBoth.prototype.unlogged = unlogged(MetricsRuntime.prototype.tryGetRecorder);

export async function measureLoggingCost(): Promise<void> {
  const runtime = new WithBoth({ namespace: "bench" });
  runtime.start();
  runtime.createRecorder("main");
  const rows = [
    { name: "without the wrapper", loop: () => loopUnlogged(runtime), ns: [] as number[] },
    { name: "as it is", loop: () => loopAsItIs(runtime), ns: [] as number[] },
  ];
  for (let round = 0; round < ROUNDS; round++) {
    for (const { loop, ns } of rows) ns.push((await measure(loop, SAMPLING)).p50 / CALLS);
  }
  runtime.shutdown();
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
  const [without, asItIs] = rows.map(({ ns }) => ns) as [number[], number[]];
  const apart = median(asItIs.map((ns, round) => ns - (without[round] as number)));
  const most = Math.max(MOST_NS, MOST_SHARE * median(without));
  console.log(
    `\n${apart.toFixed(1)} ns apart, the median over the rounds; claim: at most ${most.toFixed(1)}.`,
  );
}

function loopUnlogged(runtime: WithBoth): void {
  for (let i = 0; i < CALLS; i++) runtime.unlogged("main");
}

function loopAsItIs(runtime: WithBoth): void {
  for (let i = 0; i < CALLS; i++) runtime.tryGetRecorder("main");
}
