/** An error that tells what it received must not itself fail over it. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  histogram,
  label,
  MetricsRuntime,
  oneOf,
  quantiles,
  sum,
  upDown,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { expectStillWorks, refused, type Scene, Seen, scene, untyped } from "../support/misuse.js";
import { INVALID_ARG_TYPE } from "../support/thrown.js";

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const functionNamed = (read: () => unknown): object =>
  Object.defineProperty(() => ({}), "name", { get: read });

const FUNCTIONS: [name: string, value: unknown][] = [
  ["a function whose name is a symbol", functionNamed(() => Symbol("name"))],
  ["a function whose name has no text", functionNamed(() => Object.create(null))],
  [
    "a function whose name throws",
    functionNamed(() => {
      throw new Error("the name was read");
    }),
  ],
];
const VALUES: [name: string, value: unknown][] = [
  ...FUNCTIONS,
  ["a revoked proxy", revokedProxy()],
];

type Call = (on: Scene, value: unknown) => unknown;
const Save = defineMetricEvent("save", { ms: float64(), outcome: oneOf("OK", "BAD") });

const CALLS: [argument: string, call: Call][] = [
  ["id", ({ runtime }, value) => runtime.createRecorder(value as never)],
  ["id", ({ runtime }, value) => runtime.stopRecorder(value as never)],
  ["options.namespace", (_, value) => new MetricsRuntime({ namespace: value as never })],
  ["options.entityId", ({ runtime }, value) => create(runtime, { entityId: value })],
  ["options.queueMaxSize", ({ runtime }, value) => create(runtime, { queueMaxSize: value })],
  ["options.queueOverflowPolicy", ({ runtime }, v) => create(runtime, { queueOverflowPolicy: v })],
  ["event", ({ recorder }, value) => recorder.registerEvent(value as never)],
  ["metric", ({ recorder }, value) => recorder.registerMetric(value as never)],
  ["eventClass", ({ recorder }, value) => recorder.emitter(value as never, [] as never)],
  ["fieldNames[0]", ({ recorder }, value) => recorder.emitter(Save, [value] as never)],
  ["ms", ({ recorder }, value) => recorder.emitter(Save, ["ms", "outcome"])(value as never, "OK")],
  ["outcome", ({ recorder }, v) => recorder.emitter(Save, ["ms", "outcome"])(1, v as never)],
  ["values.ms", (_, value) => untyped(Save)({ ms: value, outcome: "OK" })],
  ["timeoutMs", ({ stopped }, value) => stopped.stop().wait(value as never)],
  ["eventType", (_, value) => untyped(defineMetricEvent)(value, {})],
  ["members[1]", (_, value) => untyped(oneOf)("A", value)],
  ["options.maxValues", (_, value) => untyped(label)({ maxValues: value })],
  ["metricName", (_, value) => untyped(defineMetric)(value, { a: count(Save) })],
  ["dimensions.a", (_, value) => untyped(defineMetric)("m", { a: value })],
  ["event", (_, value) => untyped(count)(value)],
  ["field", (_, value) => untyped(sum)(Save, value)],
  ["steps[0][1]", (_, value) => untyped(upDown)([[Save, value]])],
  ["options.by[0]", (_, value) => untyped(count)(Save, { by: [value] })],
  ["options.maxSeries", (_, value) => untyped(count)(Save, { maxSeries: value })],
  ["options.buckets[0]", (_, value) => untyped(histogram)(Save, "ms", { buckets: [value] })],
  ["options.quantiles[0]", (_, value) => untyped(quantiles)(Save, "ms", { quantiles: [value] })],
];

function create(runtime: MetricsRuntime, options: object): unknown {
  return runtime.createRecorder("next", options);
}

/** With each value in turn; the name of the value is told when a check fails. */
function expectRefused(argument: string, call: Call, values: typeof VALUES): void {
  const before = scene();
  for (const [name, value] of values) {
    const error = refused(before, () => call(before, value));
    expect(error, name).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message, name).toContain(`The "${argument}"`);
  }
  expectStillWorks(before);
}

describe("what has no name and no text of its own is refused like any other value", () => {
  test.each(CALLS)('as "%s"', (argument, call) => expectRefused(argument, call, VALUES));

  test.each<[string, Call]>([
    ["fieldNames", ({ recorder }, value) => recorder.emitter(Save, value as never)],
    ["fields.a", (_, value) => untyped(defineMetricEvent)("e", { a: value })],
    ["steps", (_, value) => untyped(upDown)(value)],
    ["steps[0]", (_, value) => untyped(upDown)([value])],
    ["options.where.outcome", (_, value) => untyped(count)(Save, { where: { outcome: value } })],
    ["options.by", (_, value) => untyped(count)(Save, { by: value })],
    ["options.buckets", (_, value) => untyped(histogram)(Save, "ms", { buckets: value })],
    ["options", (_, value) => new MetricsRuntime(value as never)],
    ["options", ({ runtime }, value) => runtime.createRecorder("next", value as never)],
    ["options", (_, value) => label(value as never)],
    ["options", (_, value) => untyped(count)(Save, value)],
    ["options.where", (_, value) => untyped(count)(Save, { where: value })],
    ["fields", (_, value) => untyped(defineMetricEvent)("e", value)],
    ["dimensions", (_, value) => untyped(defineMetric)("m", value)],
    ["values", (_, value) => untyped(Seen)(value)],
  ])('a function as "%s"', (argument, call) => expectRefused(argument, call, FUNCTIONS));
});
