import { MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { NO_NAMES, NO_STRINGS } from "../support/bad-values.js";
import { expectStillWorks, refused, scene, untyped } from "../support/misuse.js";
import { INVALID_ARG_TYPE } from "../support/thrown.js";

const METHODS = [
  "createRecorder",
  "getRecorder",
  "tryGetRecorder",
  "stopRecorder",
  "stopAndRemoveRecorder",
] as const;

describe.each(METHODS)("%s refuses, and changes nothing,", (method) => {
  test.each([...NO_STRINGS, ...NO_NAMES])("an id that is %s", (_, id, expected) => {
    const before = scene();
    const error = refused(before, () => before.runtime[method](id as never));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('The "id" argument');
    expectStillWorks(before);
  });

  test("an id that is absent", () => {
    const before = scene();
    const call = untyped(before.runtime[method], before.runtime);
    expect(refused(before, () => call())).toMatchObject(INVALID_ARG_TYPE);
    expectStillWorks(before);
  });
});

describe.each(["entityId", "namespace"])(
  "createRecorder refuses, and changes nothing, an",
  (key) => {
    test.each([...NO_STRINGS.filter(([name]) => name !== "undefined"), ...NO_NAMES])(
      `${key} that is %s`,
      (_, value, expected) => {
        const before = scene();
        const error = refused(before, () =>
          before.runtime.createRecorder("next", { [key]: value }),
        );
        expect(error).toMatchObject(expected);
        expect(error.message).toContain(`The "options.${key}" property`);
        expectStillWorks(before);
      },
    );
  },
);

test.each([...NO_STRINGS, ...NO_NAMES])(
  "a runtime has no namespace that is %s",
  (_, value, expected) => {
    const before = scene();
    const error = refused(before, () => new MetricsRuntime({ namespace: value as never }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('The "options.namespace" property');
  },
);

test("an id that is taken, in whatever spaces, is refused, and the recorder stays what it is", () => {
  const before = scene();
  for (const id of ["running", " running", "running\n", "\u3000running\ufeff", "stopped"]) {
    expect(refused(before, () => before.runtime.createRecorder(id))).toMatchObject({
      name: "MetricsRuntimeRecorderAlreadyExistsError",
      message: `metrics runtime recorder error -> metrics recorder with '${id.trim()}' already exists`,
      details: { recorderId: id.trim() },
    });
  }
  expectStillWorks(before);
});

test.each(["getRecorder", "stopRecorder", "stopAndRemoveRecorder"] as const)(
  "%s refuses an id that is not there, and changes nothing",
  (method) => {
    const before = scene();
    for (const id of ["Running", "run ning", "runnin", "runningg", "toString", "__proto__", "0"]) {
      expect(refused(before, () => before.runtime[method](` ${id} `))).toMatchObject({
        name: "MetricsRuntimeRecorderNotFoundError",
        message: `metrics runtime recorder error -> metrics recorder with '${id}' not found`,
        details: { recorderId: id },
      });
      expect(before.runtime.tryGetRecorder(id)).toBeUndefined();
    }
    expectStillWorks(before);
  },
);
