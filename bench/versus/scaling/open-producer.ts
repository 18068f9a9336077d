/** Opens, on a thread that is to produce, what it does; and on the main thread what all of them write to. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  defineMetric,
  defineMetricEvent,
  float64,
  type MetricsRecorder,
  MetricsRuntime,
  type MetricsRuntimeToken,
  sum,
  uint32,
} from "metrics-runtime";
import { forEachTarget } from "../inputs.js";
import { PEERS } from "../operations.js";
import { loadPackage } from "../peers/load.js";
import type { PrometheusModule } from "../peers/prometheus-api.js";
import { type Producer, type ProducerName, producer, QUEUE_EVENTS, RECORDER } from "./producers.js";

const help = "bench";
const LABELS = ["method", "status"] as const;
const POLL_MS = 1;

/** On the thread that made the runtime, before any other is there. */
export function openRecorder(runtime: MetricsRuntime): MetricsRecorder {
  const recorder = runtime.createRecorder(RECORDER, { queueMaxSize: QUEUE_EVENTS });
  for (const Saved of eventClasses()) {
    recorder.registerMetric(defineMetric(Saved.eventType, { total: sum(Saved, "size") }));
  }
  return recorder;
}

/** Waits until no event of any thread is queued. */
export async function drained(recorder: MetricsRecorder): Promise<void> {
  while (recorder.getStats().pending > 0) await sleep(POLL_MS);
}

/** The sum of all that the snapshot of the recorder has. */
export function sumOf(recorder: MetricsRecorder): number {
  let total = 0;
  for (const { dimensions } of Object.values(recorder.getMetricSnapshots())) {
    for (const value of Object.values(dimensions)) {
      if (typeof value === "number") total += value;
      if (!Array.isArray(value)) continue;
      for (const series of value) total += typeof series.value === "number" ? series.value : 0;
    }
  }
  return total;
}

export const OPEN_PRODUCER: Readonly<
  Record<ProducerName, (token: MetricsRuntimeToken) => Producer | Promise<Producer>>
> = {
  floor: openFloor,
  counterHeld: (token) => openHeld(MetricsRuntime.attach(token).getRecorder(RECORDER)),
  counterLiteral: (token) => openLiteral(MetricsRuntime.attach(token).getRecorder(RECORDER)),
  emitter: (token) => openEmitter(MetricsRuntime.attach(token).getRecorder(RECORDER)),
  promClient: openPromClient,
};

function openFloor(): Producer {
  const targets = forEachTarget((_, k) => {
    const bytes = Float64Array.BYTES_PER_ELEMENT * (k + 1);
    return { f64: new Float64Array(new SharedArrayBuffer(bytes)), k };
  });
  return producer("floor", targets, ({ f64, k }, operations) => {
    for (let i = 0; i < operations; i++) f64[k] = (f64[k] as number) + 1;
    return operations;
  });
}

function openHeld(recorder: MetricsRecorder): Producer {
  const targets = forEachTarget(({ method, status }, i) =>
    recorder.counter(`requests_held_${i}`, { help, labels: LABELS }).labels({ method, status }),
  );
  return producer("counterHeld", targets, (series, operations) => {
    let sum = 0;
    for (let i = 0; i < operations; i++) sum += series.add() ? 1 : 0;
    return sum;
  });
}

function openLiteral(recorder: MetricsRecorder): Producer {
  const targets = forEachTarget(({ method, status }, i) => ({
    counter: recorder.counter(`requests_by_2_${i}`, { help, labels: LABELS }),
    method,
    status,
  }));
  return producer("counterLiteral", targets, ({ counter, method, status }, operations) => {
    let sum = 0;
    for (let i = 0; i < operations; i++) sum += counter.add(1, { method, status }) ? 1 : 0;
    return sum;
  });
}

function openEmitter(recorder: MetricsRecorder): Producer {
  const [first, second, third] = eventClasses();
  const emitterOf = (Saved: typeof first) => recorder.emitter(Saved, ["size", "durationMs"]);
  const targets = [emitterOf(first), emitterOf(second), emitterOf(third)] as const;
  return producer("emitter", targets, (emit, operations) => {
    let sum = 0;
    for (let i = 0; i < operations; i++) {
      const size = (i & 1023) + 1;
      sum += emit(size, i * 0.5) ? size : 0;
    }
    return sum;
  });
}

async function openPromClient(): Promise<Producer> {
  const client = (await loadPackage(PEERS["prom-client"])) as PrometheusModule;
  const registers = [new client.Registry()];
  const targets = forEachTarget(({ method, status }, i) => ({
    counter: new client.Counter({ name: `requests_${i}`, help, labelNames: LABELS, registers }),
    method,
    status,
  }));
  return producer("promClient", targets, ({ counter, method, status }, operations) => {
    for (let i = 0; i < operations; i++) counter.inc({ method, status });
    return operations;
  });
}

/** The same on each thread. */
function eventClasses() {
  return forEachTarget((_, i) =>
    defineMetricEvent(`bench.saved_${i}`, { size: uint32(), durationMs: float64() }),
  );
}
