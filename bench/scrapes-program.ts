/** `scrapes-program.js <renders> <sample every>`: renders 2 000 series again and again, and tells the memory, as JSON. */
import { argv } from "node:process";
import { MetricsRuntime } from "metrics-runtime";
import { BUCKETS, VALUE_MASK, VALUES } from "./versus/inputs.js";
import { threeLabels } from "./versus/three-labels.js";

const THREE = ["method", "route", "shard"] as const;
const SERIES_OF_EACH = 1_000;

export interface ScrapesReading {
  readonly samples: readonly {
    readonly rss: number;
    readonly heapUsed: number;
    readonly external: number;
  }[];
  readonly seconds: number;
}

async function measure(renders: number, every: number): Promise<ScrapesReading> {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("scrapes");
  const options = {
    help: "bench",
    labels: THREE,
    maxSeries: SERIES_OF_EACH,
  };
  const counter = recorder.counter("requests", options);
  const histogram = recorder.histogram("seconds", { ...options, buckets: BUCKETS });
  const labelsOf = threeLabels(SERIES_OF_EACH);
  for (let index = 0; index < SERIES_OF_EACH; index++) {
    counter.add(index, labelsOf(index));
    histogram.record(VALUES[index & VALUE_MASK] ?? 0, labelsOf(index));
  }
  const samples: ScrapesReading["samples"][number][] = [];
  const begin = performance.now();
  for (let render = 1; render <= renders; render++) {
    const bytes = await renderedBytes(runtime, render % 2 === 0);
    if (bytes === 0) throw new Error("nothing rendered");
    if (render % every === 0) samples.push(await readMemory());
  }
  const seconds = (performance.now() - begin) / 1_000;
  runtime.shutdown();
  return { samples, seconds };
}

/** Nothing of an exposition stays with the caller. */
async function renderedBytes(runtime: MetricsRuntime, gzip: boolean): Promise<number> {
  return (await runtime.render("prometheus", { gzip })).length;
}

async function readMemory() {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) throw new Error("run with node --expose-gc");
  for (let time = 0; time < 3; time++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve)); // what has been collected is freed on a turn
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

const [, , renders = "", every = ""] = argv;
console.log(JSON.stringify(await measure(Number(renders), Number(every))));
