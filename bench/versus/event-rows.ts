/** Our events: eight classes in rotation, as an application has them, counted by the runtime thread meanwhile. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  type MetricsRecorder,
  uint32,
} from "metrics-runtime";
import { EVENT_CLASSES, READY_BELOW } from "./floors.js";
import { OPERATIONS, OURS } from "./operations.js";
import { type Row, row } from "./row.js";

export function eventRows(recorder: MetricsRecorder): Row[] {
  const classesOf = (name: string) =>
    Array.from({ length: EVENT_CLASSES }, (_, index) => {
      const Saved = defineMetricEvent(`${name}_${index}`, {
        size: uint32(),
        durationMs: float64(),
      });
      recorder.registerMetric(defineMetric(`${name}_${index}`, { total: count(Saved) }));
      return Saved;
    });
  const saves = classesOf("bench.save");
  const loads = classesOf("bench.load");
  const emittersOf = (classes: typeof saves) =>
    classes.map((Saved) => recorder.emitter(Saved, ["size", "durationMs"]));
  const ready = (): void => {
    while (recorder.getStats().pending > READY_BELOW);
  };
  const rows = [
    row(
      OPERATIONS.emitter,
      OURS,
      [emittersOf(saves), emittersOf(loads)],
      (emitters, operations) => {
        let sum = 0;
        for (let i = 0; i < operations; i++) {
          sum += (emitters[i & 7] as (typeof emitters)[number])(i, i * 0.5) ? 1 : 0;
        }
        return sum;
      },
    ),
    row(OPERATIONS.registerEvent, OURS, [saves, loads], (classes, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        const make = classes[i & 7] as (typeof classes)[number];
        sum += recorder.registerEvent(make({ size: i, durationMs: i * 0.5 })) ? 1 : 0;
      }
      return sum;
    }),
  ];
  return rows.map((each) => ({ ...each, ready }));
}
