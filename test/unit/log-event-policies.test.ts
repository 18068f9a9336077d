import { describe, expect, test } from "vitest";
import type { LogEventHeader } from "../../src/logging/log-event.js";
import { LogLevel } from "../../src/logging/log-level.js";
import {
  PatternLogEventPolicy,
  type PatternLogEventPolicyOptions,
} from "../../src/logging/pattern-log-event-policy.js";
import {
  MetricsLogPolicyMode,
  metricsEventPolicy,
  metricsRecorderEventPolicy,
  metricsRuntimeEventPolicy,
} from "../../src/logging/ready-made-policies.js";
import { NO_OPTIONS, NO_POLICIES, NO_STRINGS, UNKNOWN_KEYS } from "../support/bad-values.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

function header(eventName: string, more: Partial<LogEventHeader> = {}): LogEventHeader {
  return {
    level: LogLevel.INFO,
    eventNamespace: undefined,
    eventName,
    entityId: undefined,
    eventOutcome: undefined,
    ...more,
  };
}

const stop = header("runtime.stop", { eventNamespace: "app", entityId: "cache" });
const bare = header("runtime.stop");

/** Whether a rule of these lists matches; told by its denial. */
function matches(lists: object, event: LogEventHeader): boolean {
  return !new PatternLogEventPolicy({ rules: [{ action: "deny", ...lists }] }).isEnabled(event);
}

describe("PatternLogEventPolicy", () => {
  test("enables what no rule matches, unless told otherwise", () => {
    expect(new PatternLogEventPolicy().isEnabled(stop)).toBe(true);
    expect(new PatternLogEventPolicy({}).isEnabled(stop)).toBe(true);
    expect(new PatternLogEventPolicy({ defaultEnabled: undefined }).isEnabled(stop)).toBe(true);
    expect(new PatternLogEventPolicy({ defaultEnabled: false }).isEnabled(stop)).toBe(false);
  });

  test("goes by the first rule that matches", () => {
    const policy = new PatternLogEventPolicy({
      defaultEnabled: false,
      rules: [
        { action: "deny", eventNames: ["*.stop"], entityIds: ["cache"] },
        { action: "allow", eventNames: ["runtime.*"] },
        { action: "deny", eventNames: ["runtime.start"] },
      ],
    });
    expect(policy.isEnabled(stop)).toBe(false);
    expect(policy.isEnabled(bare)).toBe(true);
    expect(policy.isEnabled(header("runtime.start"))).toBe(true);
    expect(policy.isEnabled(header("other"))).toBe(false);
  });

  test.each<[string, object, boolean]>([
    ["no lists", {}, true],
    ["lists that are undefined", { events: undefined, entityIds: undefined }, true],
    ["the name", { eventNames: ["runtime.stop"] }, true],
    ["another name", { eventNames: ["stop"] }, false],
    ["one of several names", { eventNames: ["a", "b", "runtime.?top"] }, true],
    ["the namespace", { eventNamespaces: ["ap*"] }, true],
    ["another namespace", { eventNamespaces: ["runtime"] }, false],
    ["the entity", { entityIds: ["[a-d]ache"] }, true],
    ["another entity", { entityIds: ["disk"] }, false],
    ["namespace and name", { events: ["app.runtime.stop"] }, true],
    ["a pattern across namespace and name", { events: ["a*p"] }, true],
    ["the name without its namespace", { events: ["runtime.stop"] }, false],
    ["both of two", { eventNames: ["*"], entityIds: ["cache"] }, true],
    ["only one of two", { eventNames: ["*"], entityIds: ["disk"] }, false],
    ["only the other of two", { events: ["other"], eventNamespaces: ["app"] }, false],
    ["other letters", { eventNames: ["Runtime.Stop"] }, false],
  ])(
    "a rule with %s matches by all its lists, and by any pattern of each",
    (_, lists, expected) => {
      expect(matches(lists, stop)).toBe(expected);
    },
  );

  test("what an event lacks is matched by the empty pattern alone", () => {
    for (const key of ["eventNamespaces", "entityIds"]) {
      expect(matches({ [key]: ["*"] }, bare)).toBe(false);
      expect(matches({ [key]: [""] }, bare)).toBe(true);
      expect(matches({ [key]: ["x", ""] }, bare)).toBe(true);
      expect(matches({ [key]: ["*"] }, stop)).toBe(true);
      expect(matches({ [key]: [""] }, stop)).toBe(false);
    }
  });

  test("events without a namespace go by their name alone", () => {
    expect(matches({ events: ["runtime.stop"] }, bare)).toBe(true);
    expect(matches({ events: ["*.runtime.stop"] }, bare)).toBe(false);
  });

  test("mixes up no names of different namespaces, however many there are", () => {
    const policy = new PatternLogEventPolicy({ rules: [{ action: "deny", events: ["b.n7"] }] });
    const few = ["a", "b", "", "b", "a"].map((eventNamespace) =>
      policy.isEnabled(header("n7", { eventNamespace })),
    );
    expect(few).toEqual([true, false, true, false, true]);
    const denied: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (const eventNamespace of ["a", "b", "b", ""]) {
        for (let n = 0; n < 1_500; n++) {
          const event = header(`n${n}`, { eventNamespace });
          if (!policy.isEnabled(event)) denied.push(`${eventNamespace}.${event.eventName}`);
        }
      }
    }
    expect(denied).toEqual(new Array(6).fill("b.n7"));
  });

  test("keeps what it was made of, whatever becomes of that", () => {
    const rule = { action: "deny" as "allow" | "deny", eventNames: ["runtime.*"] };
    const options = { defaultEnabled: true, rules: [rule] };
    const policy = new PatternLogEventPolicy(options);
    options.defaultEnabled = false;
    rule.action = "allow";
    rule.eventNames.fill("other");
    options.rules.length = 0;
    expect(policy.isEnabled(stop)).toBe(false);
    expect(policy.isEnabled(header("other"))).toBe(true);
  });
});

describe.each<[string, (options: unknown) => PatternLogEventPolicy]>([
  ["new", (options) => new PatternLogEventPolicy(options as PatternLogEventPolicyOptions)],
  ["fromMapping", (options) => PatternLogEventPolicy.fromMapping(options)],
])("PatternLogEventPolicy, by %s,", (_, make) => {
  const text =
    '{ "defaultEnabled": false, "rules": [{ "action": "allow", "eventNames": ["r*"] }] }';

  test("takes plain data of JSON", () => {
    const policy = make(JSON.parse(text));
    expect([policy.isEnabled(stop), policy.isEnabled(header("x"))]).toEqual([true, false]);
  });

  test.each(NO_OPTIONS)("refuses, as options, %s", (_name, value, expected) => {
    const error = thrownBy(() => make(value));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"options"');
  });

  test.each(NO_OPTIONS)("refuses, as a rule, %s", (_name, value, expected) => {
    const error = thrownBy(() => make({ rules: [{ action: "deny" }, value] }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"options.rules[1]"');
  });

  test.each(UNKNOWN_KEYS)("refuses unknown keys: %s", (_name, extra, named) => {
    const own = Object.getOwnPropertyDescriptors(extra);
    const error = thrownBy(() => make(Object.defineProperties({ rules: [] }, own)));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain(`"options.${named}"`);
    const rule = Object.defineProperties({ action: "deny" }, own);
    const inRule = thrownBy(() => make({ rules: [rule] }));
    expect(inRule).toMatchObject(INVALID_ARG_VALUE);
    expect(inRule.message).toContain(`"options.rules[0].${named}"`);
  });

  test.each(NO_STRINGS)("refuses, as a pattern, %s", (_name, value, expected) => {
    for (const key of ["events", "eventNamespaces", "eventNames", "entityIds"]) {
      const rules = [{ action: "deny" }, { action: "allow" }, { action: "deny", [key]: [value] }];
      const error = thrownBy(() => make({ rules }));
      expect(error).toMatchObject(expected);
      expect(error.message).toContain(`"options.rules[2].${key}[0]"`);
    }
  });

  test.each<[string, object, object, string]>([
    ["a default that is no boolean", { defaultEnabled: "no" }, INVALID_ARG_TYPE, "defaultEnabled"],
    ["a default that is null", { defaultEnabled: null }, INVALID_ARG_TYPE, "defaultEnabled"],
    ["rules that are no array", { rules: {} }, INVALID_ARG_TYPE, "rules"],
    ["rules that are null", { rules: null }, INVALID_ARG_TYPE, "rules"],
    ["a rule that is undefined", { rules: [undefined] }, INVALID_ARG_TYPE, "rules[0]"],
    ["a rule without an action", { rules: [{}] }, INVALID_ARG_TYPE, "rules[0].action"],
    ["an unknown action", { rules: [{ action: "Deny" }] }, INVALID_ARG_VALUE, "rules[0].action"],
    [
      "a list that is one text",
      { rules: [{ action: "deny", eventNames: "a" }] },
      INVALID_ARG_TYPE,
      "rules[0].eventNames",
    ],
    [
      "a list that is null",
      { rules: [{ action: "deny", entityIds: null }] },
      INVALID_ARG_TYPE,
      "rules[0].entityIds",
    ],
    [
      "an empty list",
      { rules: [{ action: "deny", events: [] }] },
      INVALID_ARG_VALUE,
      "rules[0].events",
    ],
    [
      "a pattern with a lone surrogate",
      { rules: [{ action: "deny", events: ["a", "\ud800"] }] },
      INVALID_ARG_VALUE,
      "rules[0].events[1]",
    ],
  ])("refuses %s", (_name, options, expected, path) => {
    const error = thrownBy(() => make(options));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(`"options.${path}"`);
  });
});

test("fromMapping refuses what is absent or no plain data, such as an empty file gives", () => {
  for (const value of [undefined, null, new Map(), new PatternLogEventPolicy()]) {
    const error = thrownBy(() => PatternLogEventPolicy.fromMapping(value));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('"options" argument must be a plain object');
  }
});

const CHANGES_OF_RUNTIMES = [
  "metrics_runtime.start",
  "metrics_runtime.shutdown",
  "metrics_runtime.create_recorder",
  "metrics_runtime.stop_recorder",
  "metrics_runtime.stop_and_remove_recorder",
];
const LOOKS_AT_RUNTIMES = [
  "metrics_runtime.get_recorder",
  "metrics_runtime.try_get_recorder",
  "metrics_runtime.list_recorder_ids",
];
const CHANGES_OF_RECORDERS = [
  "metrics_recorder.start",
  "metrics_recorder.stop",
  "metrics_recorder.register_metric",
  "metrics_recorder.dispatch_error",
  "metrics_recorder.cleanup.failed",
  "metrics_recorder.invalid_value",
  "metrics_recorder.events_dropped",
  "metrics_recorder.quarantined",
  "metrics_recorder.drain_stalled",
];
const LOOKS_AT_RECORDERS = [
  "metrics_recorder.get_metric_snapshots",
  "metrics_recorder.iter_metrics",
];
const OTHERS = [
  "order.placed",
  "metrics_runtime",
  "metrics_recorders.start",
  "my.metrics_runtime.start",
];
const ALL = [
  ...CHANGES_OF_RUNTIMES,
  ...LOOKS_AT_RUNTIMES,
  ...CHANGES_OF_RECORDERS,
  ...LOOKS_AT_RECORDERS,
  ...OTHERS,
];
const POLICIES = { metricsRuntimeEventPolicy, metricsRecorderEventPolicy, metricsEventPolicy };

describe.each<[keyof typeof POLICIES, MetricsLogPolicyMode, string[]]>([
  ["metricsRuntimeEventPolicy", "silent", []],
  ["metricsRuntimeEventPolicy", "normal", CHANGES_OF_RUNTIMES],
  ["metricsRuntimeEventPolicy", "inspection", [...CHANGES_OF_RUNTIMES, ...LOOKS_AT_RUNTIMES]],
  ["metricsRecorderEventPolicy", "silent", []],
  ["metricsRecorderEventPolicy", "normal", CHANGES_OF_RECORDERS],
  ["metricsRecorderEventPolicy", "inspection", [...CHANGES_OF_RECORDERS, ...LOOKS_AT_RECORDERS]],
  ["metricsEventPolicy", "silent", []],
  ["metricsEventPolicy", "normal", [...CHANGES_OF_RUNTIMES, ...CHANGES_OF_RECORDERS]],
  ["metricsEventPolicy", "inspection", ALL.filter((name) => !OTHERS.includes(name))],
])("%s in the mode %s", (name, mode, expected) => {
  test.each([undefined, "app"])(
    "logs its own events, and no others, under %s",
    (eventNamespace) => {
      const policy = POLICIES[name]({ mode });
      const enabled = ALL.filter((event) => policy.isEnabled(header(event, { eventNamespace })));
      expect(enabled).toEqual(expected);
    },
  );
});

describe.each(Object.entries(POLICIES))("%s refuses", (_, make) => {
  test.each(NO_OPTIONS)("as options, %s", (_name, value, expected) => {
    expect(thrownBy(() => make(value as never))).toMatchObject(expected);
  });

  test("no options, and unknown ones", () => {
    expect(thrownBy(() => make(undefined as never))).toMatchObject(INVALID_ARG_TYPE);
    expect(thrownBy(() => make({} as never))).toMatchObject(INVALID_ARG_TYPE);
    const error = thrownBy(() => make({ mode: "normal", level: 1 } as never));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain("options.level");
  });

  test.each(NO_POLICIES)("as a mode, %s", (_name, mode, expected) => {
    const error = thrownBy(() => make({ mode } as never));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"options.mode"');
  });

  test("an unknown mode, and names the known ones", () => {
    const { message } = thrownBy(() => make({ mode: "loud" } as never));
    expect(message).toContain(Object.values(MetricsLogPolicyMode).join(", "));
  });
});
