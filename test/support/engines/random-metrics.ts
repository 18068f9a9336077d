/** Metrics, names, labels and values that mean no good, from a seed. */
import {
  boolean,
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
  last,
  type MetricsRuntime,
  max,
  mean,
  min,
  oneOf,
  quantiles,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { expect } from "vitest";
import { type Declared, type DeclaredRecorder, familyOf } from "./exposed-families.js";
import { type FamilyType, legalLabelName, type TakenNames } from "./exposed-names.js";
import { RandomChoices } from "./random-choices.js";

const REFUSED = expect.objectContaining({
  name: "TypeError",
  code: "ERR_INVALID_ARG_VALUE",
  message: expect.stringMatching(
    / is exposed as '\w+', (?:and so is another metric|which another recorder has with the type '\w+' and (?:no unit|the unit '\w+'))\. Received | has two labels that are exposed as '\w+' in '\w+'\. Received /,
  ),
});

/** What one document has, and how many of its registrations were refused, as they should be. */
export interface RandomMetrics {
  readonly declared: readonly Declared[];
  readonly refused: number;
}

/** Fills a started runtime. @param taken has the library's own names already */
export function fillRandomly(
  runtime: MetricsRuntime,
  random: () => number,
  taken: TakenNames,
): RandomMetrics {
  const filler = new Filler(new RandomChoices(random), taken);
  const ids = new Set<string>();
  for (let left = filler.choose.between(1, 3); left > 0; left--) {
    const id = filler.choose.text().trim();
    if (id === "" || ids.has(id)) continue;
    ids.add(id);
    const namespace = filler.choose.namespace();
    const entityId = filler.choose.maybe(() => filler.choose.name(), id);
    const recorder = runtime.createRecorder(id, { namespace, entityId });
    filler.fill({ recorder, id, entityId: entityId.trim(), namespace: namespace.trim() });
  }
  return filler;
}

class Filler implements RandomMetrics {
  readonly choose: RandomChoices;
  readonly declared: Declared[] = [];
  refused = 0;
  readonly #taken: TakenNames;
  #classes = 0;

  constructor(choose: RandomChoices, taken: TakenNames) {
    this.choose = choose;
    this.#taken = taken;
  }

  fill(of: DeclaredRecorder): void {
    const names = new Set<string>();
    for (let left = this.choose.between(0, 5); left > 0; left--) {
      const metric = this.choose.name();
      // One metric may replace another; what is exposed then is for other tests.
      if (names.has(metric.trim())) continue;
      names.add(metric.trim());
      if (this.choose.chance(0.6)) this.#instrument(of, metric);
      else this.#metric(of, metric);
    }
  }

  /** Whether it was taken, which it is exactly when nothing else has its names. */
  #register(declared: readonly Declared[], labels: readonly string[], act: () => void): boolean {
    const [{ of } = { of: undefined }] = declared;
    const exposed = labels.map(legalLabelName);
    const fits =
      new Set(exposed).size === exposed.length && this.#taken.take(of?.id, declared.map(familyOf));
    if (!fits) {
      expect(act, JSON.stringify(declared.map(familyOf))).toThrow(REFUSED);
      this.refused++;
      return false;
    }
    act();
    this.declared.push(...declared);
    return true;
  }

  #instrument(of: DeclaredRecorder, metric: string): void {
    const { choose } = this;
    const { recorder } = of;
    const help = choose.help();
    const unit = choose.unit();
    const labels = choose.labelNames();
    const options = { help, unit, labels, maxSeries: choose.between(1, 6) };
    const declare = (type: FamilyType): Declared[] => [
      { of, metric: metric.trim(), type, help, unit },
    ];
    const rows = Array.from({ length: choose.between(0, 8) }, () => choose.labels(labels));
    const kinds: readonly (() => void)[] = [
      () => {
        const make = () => recorder.counter(metric, options);
        if (!this.#register(declare("counter"), labels, make)) return;
        for (const row of rows) make().add(Math.abs(choose.value()), row);
      },
      () => {
        const make = () => recorder.upDownCounter(metric, options);
        if (!this.#register(declare("gauge"), labels, make)) return;
        for (const row of rows) make().add(choose.value(), row);
      },
      () => {
        const make = () => recorder.gauge(metric, options);
        if (!this.#register(declare("gauge"), labels, make)) return;
        for (const row of rows) make().set(choose.value(), row);
      },
      () => {
        const values = rows.map((row) => [choose.value(), row] as const);
        const observed = (observe: (value: number, labels: Record<string, string>) => boolean) => {
          for (const [value, row] of values) observe(value, row);
        };
        const make = () => recorder.observableGauge(metric, options, observed);
        this.#register(declare("gauge"), labels, make);
      },
      () => {
        const buckets = choose.bounds();
        const make = () => recorder.histogram(metric, { ...options, buckets });
        if (!this.#register(declare("histogram"), labels, make)) return;
        for (const row of rows) make().record(choose.value(), row);
      },
      () => {
        const exponential = choose.maybe(() => ({ maxSize: choose.maxSize() }), true as const);
        const make = () => recorder.histogram(metric, { ...options, exponential });
        if (!this.#register(declare("exponentialHistogram"), labels, make)) return;
        for (const row of rows) make().record(choose.value(), row);
      },
    ];
    choose.of(kinds)();
  }

  #metric(of: DeclaredRecorder, metric: string): void {
    const { choose } = this;
    const members = choose.members();
    const names = choose.fieldNames(4);
    const kindsOf = [() => oneOf(...members), () => label({ maxValues: 4 }), boolean, uint32];
    const fields = Object.fromEntries(
      names.map((name, i) => [name, (kindsOf[i] ?? uint32)()] as const),
    );
    const Happened = defineMetricEvent(`happened ${this.#classes++} ${choose.name()}`, {
      ...fields,
      valueOfIt: float64(),
      countOfIt: uint32(),
      keyOfIt: key(),
    });
    const by = names.filter(() => choose.chance(0.5));
    const dimensions: Record<string, Dimension> = {};
    const declared: Declared[] = [];
    const labels: string[] = [];
    for (let left = choose.between(1, 4); left > 0; left--) {
      const dimension = choose.name();
      const help = choose.help();
      const unit = choose.unit();
      const grouped = choose.chance(0.6) && by.length > 0;
      const options = { help, unit, ...(grouped ? { by, maxSeries: choose.between(1, 6) } : {}) };
      const [type, made] = choose.of(AGGREGATIONS)(Happened as never, options as never, choose);
      if (dimension.trim() === "" || Object.hasOwn(dimensions, dimension)) continue;
      Object.defineProperty(dimensions, dimension, { value: made, enumerable: true });
      declared.push({ of, metric: metric.trim(), dimension, type, help, unit });
      if (grouped && labels.length === 0) labels.push(...by);
    }
    if (declared.length === 0) return;
    const inOrder = Object.keys(dimensions); // those like integers come first
    declared.sort(
      (a, b) => inOrder.indexOf(a.dimension ?? "") - inOrder.indexOf(b.dimension ?? ""),
    );
    const definition = defineMetric(metric, dimensions);
    if (!this.#register(declared, labels, () => of.recorder.registerMetric(definition))) return;
    for (let left = choose.between(0, 12); left > 0; left--) {
      const values: unknown[] = [
        choose.of(members),
        choose.labelValue(),
        choose.chance(0.5),
        choose.between(0, 2 ** 32 - 1),
      ];
      const given = Object.fromEntries(names.map((name, i) => [name, values[i] ?? 0]));
      const event = {
        ...given,
        valueOfIt: choose.value(),
        countOfIt: choose.between(0, 2 ** 32 - 1),
        keyOfIt: choose.text(),
      };
      expect(of.recorder.registerEvent(Happened(event as never))).toBe(true);
    }
  }
}

const Shape = defineMetricEvent("shape", {
  valueOfIt: float64(),
  countOfIt: uint32(),
  keyOfIt: key(),
});
type Make = (
  event: typeof Shape,
  options: { readonly help: string; readonly unit: string },
  choose: RandomChoices,
) => readonly [FamilyType, Dimension];

const AGGREGATIONS: readonly Make[] = [
  (event, options) => ["counter", count(event, options)],
  (event, options) => ["counter", sum(event, "countOfIt", options)],
  (event, options) => ["gauge", sum(event, "valueOfIt", options)],
  (event, options, choose) => ["gauge", upDown([[event, choose.value()]], options)],
  (event, options) => ["gauge", min(event, "valueOfIt", options)],
  (event, options) => ["gauge", max(event, "valueOfIt", options)],
  (event, options) => ["gauge", mean(event, "valueOfIt", options)],
  (event, options) => ["gauge", last(event, "valueOfIt", options)],
  (event, options) => ["gauge", distinct(event, "keyOfIt", options)],
  (event, options, choose) => [
    "histogram",
    histogram(event, "valueOfIt", { ...options, buckets: choose.bounds() }),
  ],
  (event, options, choose) => [
    "exponentialHistogram",
    exponentialHistogram(event, "valueOfIt", { ...options, maxSize: choose.maxSize() }),
  ],
  (event, options, choose) => [
    "summary",
    quantiles(event, "valueOfIt", { ...options, quantiles: choose.quantiles() }),
  ],
];
