import {
  boolean,
  count,
  defineMetric,
  defineMetricEvent,
  type EventFields,
  float64,
  label,
  type MetricEvent,
  type MetricsRecorder,
  oneOf,
  sum,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { dimensionsOf } from "../support/snapshots.js";

const EVENTS = 150_000;
const KINDS = [float64, uint32, boolean, () => oneOf("A", "B", "C"), () => label()] as const;

/** Sixteen classes with 0 to 15 fields of mixed kinds, all in one ring. */
function makeClasses(random: () => number) {
  return Array.from({ length: 16 }, (_, fieldCount) => {
    const fields = Object.fromEntries(
      Array.from({ length: fieldCount }, (_, index) => {
        const kind = KINDS[Math.floor(random() * KINDS.length)] ?? float64;
        return [`f${index}`, kind()];
      }),
    ) as EventFields;
    return { eventClass: defineMetricEvent(`mixed.${fieldCount}`, fields), fields };
  });
}

function valueFor(kind: string, random: () => number): number | boolean | string {
  switch (kind) {
    case "float64":
      return (random() - 0.5) * 1e6;
    case "uint32":
      return Math.floor(random() * 2 ** 32);
    case "boolean":
      return random() < 0.5;
    case "oneOf":
      return "ABC"[Math.floor(random() * 3)] ?? "A";
    default:
      return `label-${Math.floor(random() * 20)}`;
  }
}

const isNumeric = (kind: string) => kind === "float64" || kind === "uint32";
const CHOSEN = { boolean: true, oneOf: "B", label: "label-7" } as Record<string, boolean | string>;

/** Registers, for each class, a metric that takes in every field; gives the plain model of it. */
function registerModel(recorder: MetricsRecorder, classes: ReturnType<typeof makeClasses>) {
  return classes.map(({ eventClass, fields }) => {
    const named = Object.entries(fields).map(([name, { kind }]) => [
      name,
      isNumeric(kind)
        ? sum(eventClass, name as never)
        : count(eventClass, { where: { [name]: CHOSEN[kind] } as object }),
    ]);
    const dimensions = { total: count(eventClass), ...Object.fromEntries(named) };
    recorder.registerMetric(defineMetric(eventClass.eventType, dimensions));
    const model: Record<string, number> = { total: 0 };
    for (const name of Object.keys(fields)) model[name] = 0;
    return model;
  });
}

describe.each([3, 100, 5_000])(
  "a queue of %i, with records of every size in random order",
  (size) => {
    test("keeps every field of every event", () => {
      const random = seededRandom(size);
      const recorder = startedRuntime().createRecorder("mixed", { queueMaxSize: size });
      const classes = makeClasses(random);
      const models = registerModel(recorder, classes);
      const emitters = classes.map(({ eventClass, fields }) => {
        const names = Object.keys(fields);
        return recorder.emitter(eventClass as never, names as never) as (
          ...v: unknown[]
        ) => boolean;
      });
      for (let n = 0; n < EVENTS; n++) {
        const chosen = Math.floor(random() * classes.length);
        const { eventClass, fields } = classes[chosen] ?? {};
        const [emit, model] = [emitters[chosen], models[chosen]];
        if (!eventClass || !fields || !emit || !model) throw new Error("unreachable");
        const entries = Object.entries(fields).map(
          ([name, { kind }]) => [name, kind, valueFor(kind, random)] as const,
        );
        const make = eventClass as unknown as (values: object) => MetricEvent;
        const taken =
          n % 3 === 0
            ? recorder.registerEvent(
                make(Object.fromEntries(entries.map(([name, , value]) => [name, value]))),
              )
            : emit(...entries.map(([, , value]) => value));
        if (!taken) continue;
        model.total = (model.total ?? 0) + 1;
        for (const [name, kind, value] of entries) {
          const add = isNumeric(kind) ? Number(value) : value === CHOSEN[kind] ? 1 : 0;
          model[name] = (model[name] ?? 0) + add;
        }
      }
      expect(recorder.stop().wait()).toMatchObject({ success: true });
      for (const [index, { eventClass }] of classes.entries()) {
        expect(dimensionsOf(recorder, eventClass.eventType)).toEqual(models[index]);
      }
      const { offered, invalid, lastError, labelsOverflowed } = recorder.getStats();
      expect({ offered, invalid, lastError, labelsOverflowed }).toEqual({
        offered: EVENTS,
        invalid: 0,
        lastError: undefined,
        labelsOverflowed: 0,
      });
    });
  },
);
