/** Ten million events as fast as one thread can: throughput, drops, and whether the sums agree. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  MetricsRuntime,
  oneOf,
  sum,
} from "metrics-runtime";
import { markdownTable } from "./markdown-table.js";

const EVENTS = 10_000_000;
const QUEUE_SIZES = [10_000, 100_000, 1_000_000];

export function measureFullBlast(): void {
  const cells = QUEUE_SIZES.map((queueMaxSize) => {
    const runtime = new MetricsRuntime({ namespace: "bench" });
    runtime.start();
    const recorder = runtime.createRecorder("blast", { queueMaxSize });
    const Save = defineMetricEvent("bench.blast", {
      outcome: oneOf("SUCCESS", "FAILURE"),
      size: float64(),
    });
    recorder.registerMetric(
      defineMetric("bench.blast", {
        total: count(Save),
        failure_total: count(Save, { where: { outcome: "FAILURE" } }),
        size_sum: sum(Save, "size"),
      }),
    );
    const emit = recorder.emitter(Save, ["outcome", "size"]);
    let accepted = 0;
    const begin = process.hrtime.bigint();
    for (let i = 0; i < EVENTS; i++) {
      if (emit((i & 7) === 0 ? "FAILURE" : "SUCCESS", i & 1023)) accepted++;
    }
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    recorder.stop().wait();
    const stats = recorder.getStats();
    const total = recorder.getMetricSnapshots()["bench.blast"]?.dimensions.total;
    const exact = total === accepted && stats.dispatched === accepted && stats.offered === EVENTS;
    const { drainTimeMs } = runtime.getStats();
    runtime.shutdown();
    return [
      String(queueMaxSize),
      (EVENTS / seconds / 1e6).toFixed(1),
      String(stats.dropped),
      ((100 * stats.dropped) / EVENTS).toFixed(2),
      ((1e6 * drainTimeMs) / stats.dispatched).toFixed(1),
      exact ? "yes" : "NO",
    ];
  });
  console.log(
    markdownTable(
      ["queue", "million events/s", "dropped", "%", "drain ns/event (3 dimensions)", "sums exact"],
      cells,
    ),
  );
}
