import { LogContext, LogErrorHandling, MetricsRuntime, plainLogPayload } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { NO_NAMES, NO_OPTIONS, NO_STRINGS, UNKNOWN_KEYS } from "../support/bad-values.js";
import { expectStillWorks, refused, scene, untyped } from "../support/misuse.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const sink = { log: () => {} };
const make = untyped((options: never) => new LogContext(options));
const made = (options: object): LogContext => make(options) as LogContext;

describe("new LogContext refuses", () => {
  test.each([...NO_OPTIONS, ["nothing", undefined, INVALID_ARG_TYPE] as const])(
    "%s for options",
    (_, options, expected) => {
      const error = thrownBy(() => make(options));
      expect(error).toMatchObject(expected);
      expect(error.message).toContain('The "options" argument must be of type object');
    },
  );

  test.each(UNKNOWN_KEYS)("unknown keys: %s", (_, extra, named) => {
    const options = Object.defineProperties({ sink }, Object.getOwnPropertyDescriptors(extra));
    const error = thrownBy(() => make(options));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain(`The "options.${named}" property is unknown; known: `);
  });

  test.each(NO_STRINGS.filter(([name]) => name !== "undefined"))(
    "a namespace that is %s",
    (_, namespace, expected) => {
      const error = thrownBy(() => make({ namespace, sink }));
      expect(error).toMatchObject(expected);
      expect(error.message).toContain('"options.namespace"');
    },
  );

  test.each(NO_NAMES)("a namespace that is %s", (_, namespace, expected) => {
    const error = thrownBy(() => make({ namespace, sink }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"options.namespace"');
  });

  test.each([[{}], [{ sink: undefined }], [{ namespace: "root", parent: undefined }]])(
    "a root without a sink: %o",
    (options) => {
      const error = thrownBy(() => make(options));
      expect(error).toMatchObject(INVALID_ARG_TYPE);
      expect(error.message).toBe(
        'The "options.sink" property must be an object with a log method, since there is no parent ' +
          "that has one. Received undefined",
      );
    },
  );

  const NO_SINKS: [name: string, value: unknown, named: string][] = [
    ["null", null, "options.sink"],
    ["a function", () => {}, "options.sink"],
    ["text", "stderr", "options.sink"],
    ["a number", 2, "options.sink"],
    ["an object without log", {}, "options.sink.log"],
    ["an object whose log is none", { log: true }, "options.sink.log"],
    ["an object whose log is null", { log: null }, "options.sink.log"],
    ["an array", [], "options.sink.log"],
  ];
  test.each(NO_SINKS)("a sink that is %s, also where a parent has one", (_, value, named) => {
    for (const parent of [undefined, new LogContext({ sink })]) {
      const error = thrownBy(() => make({ sink: value, parent }));
      expect(error).toMatchObject(INVALID_ARG_TYPE);
      expect(error.message).toContain(`The "${named}" property must be `);
    }
  });

  test.each([
    ["null", null],
    ["text", "plain"],
    ["an object", {}],
    ["an object with a method", { process: () => ({}) }],
  ])("a payload processor that is %s", (_, payloadProcessor) => {
    const error = thrownBy(() => make({ sink, payloadProcessor }));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('The "options.payloadProcessor" property must be of type func');
  });

  test.each([
    ["null", null, "options.eventPolicy"],
    ["a function", () => true, "options.eventPolicy"],
    ["true", true, "options.eventPolicy"],
    ["an object without isEnabled", {}, "options.eventPolicy.isEnabled"],
    ["one whose isEnabled is none", { isEnabled: true }, "options.eventPolicy.isEnabled"],
  ])("an event policy that is %s", (_, eventPolicy, named) => {
    const error = thrownBy(() => make({ sink, eventPolicy }));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain(`The "${named}" property must be `);
  });

  test.each([
    ["null", null, INVALID_ARG_TYPE],
    ["a number", 0, INVALID_ARG_TYPE],
    ["true", true, INVALID_ARG_TYPE],
    ["a function", () => "raise", INVALID_ARG_TYPE],
    ["a String object", new String("raise"), INVALID_ARG_TYPE],
    ["other letters", "RAISE", INVALID_ARG_VALUE],
    ["empty", "", INVALID_ARG_VALUE],
    ["an unknown one", "print", INVALID_ARG_VALUE],
    ["an inherited name", "toString", INVALID_ARG_VALUE],
  ])("an error handling that is %s", (_, errorHandling, expected) => {
    const error = thrownBy(() => make({ sink, errorHandling }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('The "options.errorHandling" property must be');
  });

  test("an unknown error handling, and tells those that there are", () => {
    const error = thrownBy(() => make({ sink, errorHandling: "print" }));
    expect(error.message).toContain("must be one of: ignore, print_stderr, raise");
  });

  test("an unknown key before a known one with a wrong value", () => {
    const error = thrownBy(() => make({ sink: null, nonsense: 1 }));
    expect(error.message).toContain('"options.nonsense"');
  });
});

/** What is no log context. */
const NO_CONTEXTS: [name: string, value: unknown][] = [
  ["null", null],
  ["an object", {}],
  ["a sink", sink],
  ["what looks like one", { ...new LogContext({ sink }), log: () => true }],
  ["the class", LogContext],
  ["a function", () => {}],
  ["text", "context"],
  ["true", true],
  [
    "a revoked proxy of one",
    (() => {
      const { proxy, revoke } = Proxy.revocable(new LogContext({ sink }), {});
      revoke();
      return proxy;
    })(),
  ],
];

describe.each(NO_CONTEXTS)("for a log context, %s", (_, value) => {
  test("is no parent", () => {
    const error = thrownBy(() => make({ sink, parent: value }));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('The "options.parent" property must be a LogContext');
  });

  test("is none of a runtime", () => {
    const error = thrownBy(
      () => new MetricsRuntime({ namespace: "next", logContext: value as LogContext }),
    );
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('The "options.logContext" property must be a LogContext');
  });

  test("is none of a recorder, and nothing changes", () => {
    const before = scene();
    const options = { logContext: value as LogContext };
    const error = refused(before, () => before.runtime.createRecorder("next", options));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('The "options.logContext" property must be a LogContext');
    expectStillWorks(before);
  });

  test("is none to attach with, and nothing changes", () => {
    const before = scene();
    const token = before.runtime.share();
    const options = { logContext: value as LogContext };
    const error = refused(before, () => MetricsRuntime.attach(token, options));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('The "options.logContext" property must be a LogContext');
    expectStillWorks(before);
  });
});

describe("MetricsRuntime.attach refuses", () => {
  test.each(NO_OPTIONS)("%s for options", (_, options, expected) => {
    const before = scene();
    const token = before.runtime.share();
    const error = refused(before, () => MetricsRuntime.attach(token, options as never));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('The "options" argument must be of type object');
  });

  test.each(UNKNOWN_KEYS)("unknown keys: %s", (_, options, named) => {
    const before = scene();
    const token = before.runtime.share();
    const error = refused(before, () => MetricsRuntime.attach(token, options as never));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain(`The "options.${named}" property is unknown; known: `);
  });
});

describe("a child", () => {
  const processor = () => ({});
  const parent = new LogContext({
    namespace: "parent",
    sink,
    payloadProcessor: processor,
    eventPolicy: { isEnabled: () => false },
    errorHandling: "raise",
  });

  test("has its parent's sink, processor and error handling, not its namespace and policy", () => {
    const { namespace, eventPolicy, ...inherited } = made({ parent });
    expect({ namespace, eventPolicy }).toEqual({ namespace: undefined, eventPolicy: undefined });
    expect(inherited.sink).toBe(sink);
    expect(inherited.payloadProcessor).toBe(processor);
    expect(inherited.errorHandling).toBe("raise");
  });

  test("of a child too, and what it has of its own comes first", () => {
    const own = {
      namespace: " child ",
      sink: { log: () => {} },
      payloadProcessor: () => 1,
      eventPolicy: { isEnabled: () => true },
      errorHandling: LogErrorHandling.IGNORE,
    };
    const child = made({ parent: made({ parent }), ...own });
    expect(child).toMatchObject({ ...own, namespace: "child" });
    expect(child.sink).toBe(own.sink);
    expect(made({ parent: child }).errorHandling).toBe("ignore");
  });

  test("with options that are undefined has what its parent has", () => {
    const absent = { sink: undefined, payloadProcessor: undefined, errorHandling: undefined };
    expect(made({ parent, ...absent })).toMatchObject({ errorHandling: "raise", sink });
  });
});

test("a root has the defaults, and what the caller does with the options later changes nothing", () => {
  const options = { sink };
  const context = made(options);
  Object.assign(options, { sink: { log: () => {} }, namespace: "later" });
  expect(context.sink).toBe(sink);
  expect(context).toMatchObject({ namespace: undefined, errorHandling: "print_stderr" });
  expect(context.payloadProcessor).toBe(plainLogPayload);
  expect(context.eventPolicy).toBeUndefined();
});

test("the methods of a sink and of a policy are called on it", () => {
  class Kept {
    readonly names: string[] = [];
    log({ eventName }: { eventName: string }): void {
      this.names.push(eventName);
    }
  }
  class Policy {
    readonly refused = "kept back";
    isEnabled({ eventName }: { eventName: string }): boolean {
      return eventName !== this.refused;
    }
  }
  const kept = new Kept();
  const context = new LogContext({ sink: kept, eventPolicy: new Policy() });
  expect(context.log({ level: 20, eventName: "a" })).toBe(true);
  expect(context.log({ level: 20, eventName: "kept back" })).toBe(false);
  expect(kept.names).toEqual(["a"]);
});
