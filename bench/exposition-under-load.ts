/**
 * 100 000 histograms are rendered again and again for ten seconds, while a worker thread emits 500 000 events a second
 * into a queue of the default size, and this thread creates and removes a recorder about every 50 ms. All three go
 * through the runtime's thread: an exposition must not keep it from the queue, nor from whoever waits for a recorder.
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import {
  count,
  defineMetric,
  type MetricsRecorder,
  MetricsRuntime,
  type MetricsRuntimeToken,
  sum,
} from "metrics-runtime";
import {
  END,
  EVENTS_PER_MS,
  Handled,
  type LoadReport,
  type LoadTask,
  RECORDER,
  RUN,
} from "./exposition-load.js";
import { type LoopGaps, watchLoop } from "./loop-watch.js";
import { stolenMs } from "./machine.js";
import { markdownTable } from "./markdown-table.js";
import { type ProcessorWait, processorWait } from "./processor-wait.js";
import { median, quantile } from "./statistics.js";
import { BUCKETS, VALUE_MASK, VALUES } from "./versus/inputs.js";
import { threeLabels } from "./versus/three-labels.js";

const SERIES = 100_000;
const SECONDS = 10;
const CHURN_EVERY_MS = 50;
const MOST_CREATE_MS = 5;
const WORKER = new URL("./exposition-load-worker.js", import.meta.url);

/** How long each of the calls took. */
interface Churn {
  readonly createMs: readonly number[];
  readonly removeMs: readonly number[];
  /** `createMs` without what this thread and the runtime's meanwhile waited for a processor. */
  readonly createHeldMs: readonly number[];
}

export async function measureExpositionUnderLoad(): Promise<void> {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  fillSeries(runtime);
  const recorder = openLoadRecorder(runtime);
  const load = await startLoad(runtime.share());
  await runtime.render("prometheus"); // so that its memory has been touched

  const threadWait = processorWait(runtime.getStats().threadId);
  const waitedBefore = threadWait.totalMs();
  const stolenBefore = stolenMs();
  const endWatch = watchLoop();
  load.open();
  const end = performance.now() + SECONDS * 1_000;
  // Whatever fails, the worker and the watch end: they would keep the process alive.
  const [renders, churned] = await Promise.allSettled([
    renderUntil(end, runtime),
    churnUntil(end, runtime, threadWait),
  ]);
  const report = await load.end();
  const gaps = await endWatch();
  const stolen = stolenMs() - stolenBefore;
  const waited = threadWait.totalMs() - waitedBefore;
  threadWait.close();

  if (renders.status === "rejected") throw renders.reason;
  if (churned.status === "rejected") throw churned.reason;
  recorder.stop().wait();
  const { accepted, dispatched, dropped } = recorder.getStats();
  const { deepestQueue } = runtime.getStats();
  runtime.shutdown();
  if (accepted !== report.accepted || dispatched !== accepted) {
    throw new Error(`${report.accepted} emitted, ${accepted} accepted, ${dispatched} dispatched`);
  }
  print(report, renders.value, churned.value, gaps, [
    ["events dropped", String(dropped)],
    ["deepest queue of 10 000", String(deepestQueue)],
    ["the same as ms of events", (deepestQueue / EVENTS_PER_MS).toFixed(2)],
    ["runtime's thread: waited for a processor, ms in all", waited.toFixed(0)],
    ["stolen by the hypervisor, ms in all", String(stolen)],
  ]);
  const longest = Math.max(...churned.value.createMs);
  const judged = (reached: boolean): string => (reached ? "reached" : "not reached");
  console.log(
    `\nclaims: nothing dropped: ${judged(dropped === 0)}; ` +
      `createRecorder at most ${MOST_CREATE_MS} ms: ${judged(longest <= MOST_CREATE_MS)}.`,
  );
}

function fillSeries(runtime: MetricsRuntime): void {
  const histogram = runtime.createRecorder("series").histogram("seconds", {
    help: "bench",
    labels: ["method", "route", "shard"],
    buckets: BUCKETS,
    maxSeries: SERIES,
  });
  const labelsOf = threeLabels(SERIES);
  for (let i = 0; i < SERIES; i++) histogram.record(VALUES[i & VALUE_MASK] ?? 0, labelsOf(i));
}

function openLoadRecorder(runtime: MetricsRuntime): MetricsRecorder {
  const recorder = runtime.createRecorder(RECORDER);
  const dimensions = { total: count(Handled), duration_sum: sum(Handled, "durationMs") };
  recorder.registerMetric(defineMetric("bench.handled", dimensions));
  return recorder;
}

async function startLoad(token: MetricsRuntimeToken) {
  const gate = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const state = new Int32Array(gate);
  const worker = new Worker(WORKER, { workerData: { token, gate } satisfies LoadTask });
  await once(worker, "message");
  const say = (what: number): void => {
    Atomics.store(state, 0, what);
    Atomics.notify(state, 0);
  };
  return {
    open: () => say(RUN),
    end: async (): Promise<LoadReport> => {
      const coming = once(worker, "message");
      say(END);
      const [report]: LoadReport[] = await coming;
      await worker.terminate();
      if (report === undefined) throw new Error("no report");
      return report;
    },
  };
}

async function renderUntil(end: number, runtime: MetricsRuntime): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let before = performance.now(); before < end; ) {
    await runtime.render("prometheus");
    const after = performance.now();
    samples.push(after - before);
    before = after;
  }
  return samples;
}

async function churnUntil(
  end: number,
  runtime: MetricsRuntime,
  threadWait: ProcessorWait,
): Promise<Churn> {
  const ownWait = processorWait();
  const waited = (): number => ownWait.totalMs() + threadWait.totalMs();
  const createMs: number[] = [];
  const removeMs: number[] = [];
  const createHeldMs: number[] = [];
  while (performance.now() < end) {
    const waitedBefore = waited();
    const begin = performance.now();
    runtime.createRecorder("short-lived");
    const created = performance.now();
    createHeldMs.push(Math.max(0, created - begin - (waited() - waitedBefore)));
    const removing = performance.now();
    runtime.stopAndRemoveRecorder("short-lived");
    removeMs.push(performance.now() - removing);
    createMs.push(created - begin);
    await sleep(CHURN_EVERY_MS);
  }
  ownWait.close();
  return { createMs, removeMs, createHeldMs };
}

function print(
  { offered, accepted, seconds, longestGapMs }: LoadReport,
  renderMs: readonly number[],
  { createMs, removeMs, createHeldMs }: Churn,
  { longestMs, longestHeldMs }: LoopGaps,
  rest: readonly (readonly string[])[],
): void {
  const spread = (ms: readonly number[]): string =>
    [median(ms), quantile(ms, 0.99), Math.max(...ms)].map((each) => each.toFixed(2)).join(" / ");
  console.log(
    markdownTable(
      ["what", "figure"],
      [
        ["renders", String(renderMs.length)],
        ["a render, ms: median / p99 / longest", spread(renderMs)],
        ["events offered", String(offered)],
        ["a second", (offered / seconds).toFixed(0)],
        ["events accepted", String(accepted)],
        ...rest,
        ["worker: longest gap, ms", longestGapMs.toFixed(2)],
        ["recorders created and removed", String(createMs.length)],
        ["createRecorder, ms: median / p99 / longest", spread(createMs)],
        ["the same but for the waits for a processor", spread(createHeldMs)],
        ["stopAndRemoveRecorder, ms: median / p99 / longest", spread(removeMs)],
        ["main thread: longest stall, ms", longestMs.toFixed(2)],
        ["main thread: held up longest, ms", longestHeldMs.toFixed(2)],
      ],
    ),
  );
}
