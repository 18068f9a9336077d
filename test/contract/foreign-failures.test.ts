/** What is thrown by objects that the caller hands in, while one of our functions reads them. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  label,
  MetricsRuntime,
  type MetricsRuntimeOptions,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { expectStillWorks, refused, type Scene, Seen, scene, untyped } from "../support/misuse.js";
import { INVALID_ARG_VALUE } from "../support/thrown.js";

const boom = new Error("boom");
const throwing = (thrown: unknown) => () => {
  throw thrown;
};
const getter = (key: string, thrown: unknown = boom): object =>
  Object.defineProperty({}, key, { enumerable: true, get: throwing(thrown) });
const TRAPS = ["get", "ownKeys", "getOwnPropertyDescriptor"] as const;
const trapped = (trap: (typeof TRAPS)[number], target: object, thrown: unknown = boom): object =>
  new Proxy(target, { [trap]: throwing(thrown) });

const UNEXPECTED = {
  name: "MetricsRuntimeUnexpectedError",
  code: "ERR_METRICS_RUNTIME_UNEXPECTED",
  message: "unexpected metrics runtime error -> Error: boom",
};
const UNEXPECTED_IN_RECORDER = {
  name: "MetricsRecorderUnexpectedError",
  code: "ERR_METRICS_RECORDER_UNEXPECTED",
  message: "unexpected metrics recorder error -> Error: boom",
};

type Misuse = (of: Scene, options: object) => unknown;
const construct: Misuse = (_, options) => new MetricsRuntime(options as MetricsRuntimeOptions);
const create: Misuse = ({ runtime }, options) => runtime.createRecorder("next", options);

describe.each<[string, Misuse, required: object, keys: readonly string[]]>([
  [
    "new MetricsRuntime",
    construct,
    { namespace: "n" },
    ["namespace", "defaultRecorderQueueMaxSize", "defaultRecorderQueueOverflowPolicy"],
  ],
  ["createRecorder", create, {}, ["entityId", "namespace", "queueMaxSize", "queueOverflowPolicy"]],
])("%s wraps what its options throw, and changes nothing:", (_name, misuse, required, keys) => {
  const expectWrapped = (options: object): void => {
    const before = scene();
    const error = refused(before, () => misuse(before, options));
    expect(error).toMatchObject(UNEXPECTED);
    expect(error.cause).toBe(boom);
    expectStillWorks(before);
  };

  test.each(keys)("the getter of %s", (key) => {
    expectWrapped(
      Object.defineProperties({ ...required }, Object.getOwnPropertyDescriptors(getter(key))),
    );
  });

  test.each(keys)("the getter of %s in a prototype", (key) => {
    const { [key as never]: _, ...others } = required;
    expectWrapped(Object.assign(Object.create(getter(key)), others));
  });

  test.each(TRAPS)("the trap %s of a proxy", (trap) => {
    expectWrapped(trapped(trap, { ...required, namespace: "n" }));
  });

  test("a proxy that was revoked", () => {
    const { proxy, revoke } = Proxy.revocable({ ...required }, {});
    revoke();
    const before = scene();
    const error = refused(before, () => misuse(before, proxy));
    expect(error).toMatchObject({ name: UNEXPECTED.name, code: UNEXPECTED.code });
    expect(error.cause).toBeInstanceOf(TypeError);
    expectStillWorks(before);
  });

  test.each<[string, unknown, string]>([
    ["text", "text", "string: text"],
    ["null", null, "object: null"],
    ["a number", 7, "number: 7"],
    ["a frozen object", Object.freeze({ a: 1 }), "object: [object Object]"],
    ["a TypeError", new TypeError("bad"), "TypeError: bad"],
    [
      "an argument error of somebody else's",
      Object.assign(new TypeError("bad"), { code: "ERR_INVALID_ARG_TYPE" }),
      "TypeError: bad",
    ],
  ])("whatever is thrown: %s", (_, thrown, told) => {
    const before = scene();
    const options = trapped("get", { ...required, namespace: "n" }, thrown);
    const error = refused(before, () => misuse(before, options));
    expect(error.message).toBe(`unexpected metrics runtime error -> ${told}`);
    expect(error.cause).toBe(thrown);
  });

  test("but an unknown key comes before: nothing is read", () => {
    const before = scene();
    const options = { ...required, ...Object.fromEntries(keys.map((key) => [key, undefined])) };
    const hostile = trapped("get", { ...options, nonsense: 1 });
    expect(refused(before, () => misuse(before, hostile))).toMatchObject(INVALID_ARG_VALUE);
  });
});

describe("a recorder wraps what it is thrown at, and changes nothing:", () => {
  const event = () => Seen({ ms: 1, size: 1, place: "a" });
  const names = ["ms", "size", "place"];
  const arrayWithIterator = Object.defineProperty([...names], Symbol.iterator, {
    value: throwing(boom),
  });
  const arrayWithElement = Object.defineProperty([...names], 1, { get: throwing(boom) });

  test.each<[string, (of: Scene) => unknown]>([
    ["field names of a proxy", ({ recorder }) => emitter(recorder, trapped("get", names))],
    ["a field name that is a getter", ({ recorder }) => emitter(recorder, arrayWithElement)],
    [
      "a field of an event that became a getter",
      ({ recorder }) =>
        recorder.registerEvent(Object.defineProperty(event(), "size", { get: throwing(boom) })),
    ],
    ["one of an event of a class that is new here", ({ recorder }) => registerHostile(recorder)],
    ["one of an event for a recorder that has stopped", ({ stopped }) => registerHostile(stopped)],
  ])("%s", (_, misuse) => {
    const before = scene();
    const error = refused(before, () => misuse(before));
    expect(error).toMatchObject(UNEXPECTED_IN_RECORDER);
    expect(error.cause).toBe(boom);
    expectStillWorks(before);
  });

  test("field names are read by index: what the array iterates over does not matter", () => {
    const before = scene();
    expect(untyped(emitter)(before.recorder, arrayWithIterator)).toBeTypeOf("function");
  });

  test("a proxy as a metric, whose traps throw: refused or wrapped, never let through", () => {
    const before = scene();
    const metric = new Proxy(defineMetric("m", { total: count(Seen) }), {
      get: throwing(boom),
      getPrototypeOf: throwing(boom),
      has: throwing(boom),
    });
    const error = refused(before, () => before.recorder.registerMetric(metric));
    expect(["ERR_INVALID_ARG_TYPE", UNEXPECTED_IN_RECORDER.code]).toContain(error.code);
    expectStillWorks(before);
  });
});

function emitter(recorder: Scene["recorder"], names: object): unknown {
  return recorder.emitter(Seen, names as never);
}

/** An event of a class that its recorder has not seen, one of whose fields became a getter. */
function registerHostile(recorder: Scene["recorder"]): unknown {
  const Fresh = defineMetricEvent("misuse.fresh", { text: label() });
  const made = Fresh({ text: "a" });
  return recorder.registerEvent(Object.defineProperty(made, "text", { get: throwing(boom) }));
}
