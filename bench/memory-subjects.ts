/** `memory-subjects.js <subject>`: measures one row of `bench/memory.ts` and prints it as JSON. */
import { argv, execArgv } from "node:process";
import {
  count,
  type Dimension,
  defineMetric,
  defineMetricEvent,
  distinct,
  exponentialHistogram,
  float64,
  histogram,
  key,
  label,
  type MetricsRecorder,
  MetricsRuntime,
  quantiles,
  uint32,
} from "metrics-runtime";

export interface MemoryReading {
  readonly items: number;
  readonly bytes: number;
}

const SERIES = 100_000;
const VALUES_PER_SERIES = 20;
const LABELS = 200_000;
const QUEUE = 2 ** 16;

const Measured = defineMetricEvent("bench.measured", {
  series: uint32(),
  value: float64(),
  user: key(),
});
const Labelled = defineMetricEvent("bench.labelled", { name: label({ maxValues: 2 ** 20 }) });

const bySeries = { by: ["series"], maxSeries: 2 ** 20 } as const;
const buckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Each returns after how many of what. */
export const MEMORY_SUBJECTS: Readonly<Record<string, (recorder: MetricsRecorder) => number>> = {
  "series of count": (recorder) => makeSeries(recorder, count(Measured, bySeries)),
  "series of histogram, 11 bounds": (recorder) =>
    makeSeries(recorder, histogram(Measured, "value", { ...bySeries, buckets })),
  "series of exponentialHistogram": (recorder) =>
    makeSeries(recorder, exponentialHistogram(Measured, "value", bySeries)),
  "series of quantiles, 1 %": (recorder) =>
    makeSeries(recorder, quantiles(Measured, "value", { ...bySeries, quantiles: [0.99] })),
  "series of distinct, 20 keys": (recorder) =>
    makeSeries(recorder, distinct(Measured, "user", bySeries)),
  "label value of 20 characters": makeLabels,
};

function makeSeries(recorder: MetricsRecorder, dimension: Dimension): number {
  recorder.registerMetric(defineMetric("bench", { measured: dimension }));
  const emit = recorder.emitter(Measured, ["series", "value", "user"]);
  for (let round = 0; round < VALUES_PER_SERIES; round++) {
    for (let series = 0; series < SERIES; series++) {
      // Spread over a factor of about 30, as durations are.
      emit(series, 10 * 30 ** (((series * 7 + round * 13) % 100) / 100), `user ${round}`);
      if (series % QUEUE === 0) recorder.registerMetric(NOTHING); // waits until the queue is empty
    }
  }
  return SERIES;
}

function makeLabels(recorder: MetricsRecorder): number {
  const emit = recorder.emitter(Labelled, ["name"]);
  for (let index = 0; index < LABELS; index++) {
    emit(`label value ${String(index).padStart(8, "0")}`);
    if (index % 10_000 === 0) recorder.registerMetric(NOTHING);
  }
  return LABELS;
}

const NOTHING = defineMetric("bench.nothing", { total: count(Labelled) });

/** What the queue and the code need is not what is asked. */
function touchWholeQueue(recorder: MetricsRecorder): void {
  const emit = recorder.emitter(Measured, ["series", "value", "user"]);
  for (let index = 0; index < 8 * QUEUE; index++) {
    emit(index, index, "user");
    if (index % QUEUE === 0) recorder.registerMetric(NOTHING);
  }
}

function measure(subject: string): MemoryReading {
  const fill = MEMORY_SUBJECTS[subject];
  const collect = (globalThis as { gc?: () => void }).gc;
  if (fill === undefined || collect === undefined) {
    throw new Error(`cannot measure ${subject} with ${execArgv.join(" ")}`);
  }
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("memory", { queueMaxSize: QUEUE });
  touchWholeQueue(recorder);
  collect();
  const before = process.memoryUsage().rss;
  const items = fill(recorder);
  collect();
  const bytes = process.memoryUsage().rss - before;
  const { dropped } = recorder.getStats();
  if (dropped > 0) throw new Error(`${dropped} events were dropped`);
  runtime.shutdown();
  return { items, bytes };
}

const subject = argv[2];
if (subject !== undefined && subject in MEMORY_SUBJECTS) {
  console.log(JSON.stringify(measure(subject)));
}
