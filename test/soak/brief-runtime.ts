/** The short life of a whole runtime beside the long one, with a thread of its own. */
import { count, defineMetric, defineMetricEvent, MetricsRuntime } from "metrics-runtime";
import { expectEqual } from "./expect-equal.js";

const Tick = defineMetricEvent("brief.tick", {});
const ticks = defineMetric("ticks", { total: count(Tick) });

/**
 * @param render also asks it for an exposition, which nobody waits for any more when it is shut down
 * @returns the events that it counted
 */
export function runBriefly(random: () => number, render: boolean): number {
  const runtime = new MetricsRuntime({ namespace: "brief" });
  runtime.start();
  const recorder = runtime.createRecorder("a", { queueMaxSize: 1_000 });
  recorder.registerMetric(ticks);
  const adds = recorder.counter("adds", { help: "" });
  const events = 1 + Math.floor(random() * 900);
  for (let n = 0; n < events; n++) {
    recorder.registerEvent(Tick());
    adds.add();
  }
  if (render) runtime.render("openmetrics", { gzip: true }).catch(() => {});
  if (random() < 0.5) recorder.stop().wait();
  runtime.shutdown();
  const { ticks: counted, adds: added } = recorder.getMetricSnapshots();
  expectEqual(
    "a short-lived runtime",
    "its end",
    { status: "CLOSED", total: events, added: events },
    {
      status: runtime.getStatus(),
      total: counted?.dimensions.total,
      added: added?.dimensions.value,
    },
  );
  return events;
}
