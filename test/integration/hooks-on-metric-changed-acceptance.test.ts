/** Which metrics an event mattered to is decided twice: natively, where it counts, and for the hook. */
import {
  boolean,
  count,
  type Dimension,
  defineMetric,
  defineMetricEvent,
  key,
  label,
  oneOf,
  uint32,
  upDown,
  type Where,
} from "metrics-runtime";
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { dimensionsOf } from "../support/snapshots.js";

const FIELDS = {
  n: uint32(),
  cached: boolean(),
  outcome: oneOf("OK", "BAD", "LATE"),
  place: label({ maxValues: 3 }),
  user: key(),
};
const Save = defineMetricEvent("save", FIELDS);
const Load = defineMetricEvent("load", FIELDS);
const CLASSES = [Save, Load];

const NUMBERS = [0, 1, 2 ** 31, 2 ** 32 - 1];
const OUTCOMES = ["OK", "BAD", "LATE"] as const;
const PLACES = ["", "a", "b", "c", "größe", "<overflow>", "__proto__"];

function randomly(seed: number) {
  const random = seededRandom(seed);
  const one = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value;
  const some = <Value>(values: readonly Value[]): readonly [Value, ...Value[]] => [
    one(values),
    ...values.filter(() => random() < 0.3),
  ];
  const where = (): Where<typeof FIELDS> => ({
    ...(random() < 0.3 && { n: some(NUMBERS) }),
    ...(random() < 0.3 && { cached: random() < 0.5 }),
    ...(random() < 0.3 && { outcome: some(OUTCOMES) }),
    ...(random() < 0.4 && { place: some(PLACES) }),
  });
  const dimension = (): Dimension => {
    if (random() < 0.6) return count(one(CLASSES), { where: where() });
    return upDown(
      [
        [Save, 1],
        [Load, 1],
      ],
      { where: where() },
    );
  };
  const event = () =>
    one(CLASSES)({
      n: one(NUMBERS),
      cached: random() < 0.5,
      outcome: one(OUTCOMES),
      place: one(PLACES),
      user: one(PLACES),
    });
  return { event, dimension };
}

test.each(Array.from({ length: 20 }, (_, index) => index))(
  "what the hook is told is what was counted: seed %i",
  (seed) => {
    const { event, dimension } = randomly(seed);
    const told = new Map<string, number>();
    const recorder = startedRuntime().createRecorder("a", {
      hooks: {
        onMetricChanged(changes) {
          for (const { metric } of changes) {
            told.set(metric.metricName, (told.get(metric.metricName) ?? 0) + 1);
          }
        },
      },
    });
    for (let n = 0; n < 5; n++) recorder.registerEvent(event()); // before, so that labels are known
    const names = Array.from({ length: 20 }, (_, index) => `m${index}`);
    for (const name of names) recorder.registerMetric(defineMetric(name, { total: dimension() }));
    for (let n = 0; n < 1_000; n++) expect(recorder.registerEvent(event())).toBe(true);
    const counted = names.map((name) => [name, dimensionsOf(recorder, name).total]);
    expect(names.map((name) => [name, told.get(name) ?? 0])).toEqual(counted);
    expect(Math.max(...told.values())).toBeGreaterThan(100);
  },
);

test("a metric of several dimensions is told once of an event that matters to some of them", () => {
  const { event, dimension } = randomly(100);
  let told = 0;
  const recorder = startedRuntime().createRecorder("a", {
    hooks: {
      onMetricChanged: ({ length }) => {
        told += length;
      },
    },
  });
  recorder.registerMetric(
    defineMetric("many", {
      all: upDown([
        [Save, 1],
        [Load, 1],
      ]),
      again: count(Save),
      some: dimension(),
    }),
  );
  for (let n = 0; n < 500; n++) recorder.registerEvent(event());
  expect(dimensionsOf(recorder, "many").all).toBe(500);
  expect(told).toBe(500);
});
