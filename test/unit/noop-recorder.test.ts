import { count, defineMetric, defineMetricEvent, noopMetricsRecorder } from "metrics-runtime";
import { expect, test } from "vitest";

test("the no-op recorder accepts everything and keeps nothing", () => {
  const Tick = defineMetricEvent("tick", {});
  noopMetricsRecorder.registerMetric(defineMetric("ticks", { total: count(Tick) }));
  expect(noopMetricsRecorder.registerEvent(Tick())).toBe(true);
  expect(Object.keys(noopMetricsRecorder.getMetricSnapshots())).toEqual([]);
  expect([...noopMetricsRecorder.iterMetrics()]).toEqual([]);
  expect(Object.isFrozen(noopMetricsRecorder)).toBe(true);
});
