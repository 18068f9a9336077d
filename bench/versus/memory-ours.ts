import { MetricsRuntime } from "metrics-runtime";
import { BUCKETS } from "./inputs.js";
import type { OpenedMemory, Write } from "./memory-subject.js";
import type { ThreeLabels } from "./three-labels.js";

const THREE = ["method", "route", "shard"] as const;

/** @param way whether the series are looked up for each value, or each is kept in an array and written to */
export function openOurMemory(way: "literal" | "held", kind: string, series: number): OpenedMemory {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("memory");
  const options = { help: "bench", labels: THREE, maxSeries: series };
  const close = (): void => {
    const { seriesOverflowed } = recorder.getStats();
    runtime.shutdown();
    if (seriesOverflowed > 0) throw new Error(`${seriesOverflowed} values overflowed`);
  };
  if (kind === "counter") {
    const counter = recorder.counter("requests", options);
    if (way === "literal") return { write: (labels) => void counter.add(1, labels), close };
    return {
      write: keeping(
        (labels) => counter.labels(labels),
        series,
        (kept) => kept.add(),
      ),
      close,
    };
  }
  const histogram = recorder.histogram("seconds", { ...options, buckets: BUCKETS });
  if (way === "literal")
    return { write: (labels, value) => void histogram.record(value, labels), close };
  const write = keeping(
    (labels) => histogram.labels(labels),
    series,
    (kept, value) => kept.record(value),
  );
  return { write, close };
}

/** Keeps each series when it first comes; they come in turn. */
function keeping<Series>(
  labelled: (labels: ThreeLabels) => Series,
  series: number,
  write: (kept: Series, value: number) => boolean,
): Write {
  const kept: Series[] = [];
  let next = 0;
  return (labels, value) => {
    const index = next++ % series;
    const known = kept[index];
    if (known !== undefined) return void write(known, value);
    const made = labelled(labels);
    kept[index] = made;
    write(made, value);
  };
}
