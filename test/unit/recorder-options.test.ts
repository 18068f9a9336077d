import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

/** What `createRecorder` throws; afterwards nothing must have changed. */
function refusal(id: unknown, options?: unknown) {
  const runtime = startedRuntime();
  const kept = runtime.createRecorder("kept");
  const error = thrownBy(() => runtime.createRecorder(id as never, options as never));
  expect(runtime.listRecorderIds()).toEqual(["kept"]);
  expect(runtime.getStatus()).toBe("RUNNING");
  expect(kept.getStatus()).toBe("RUNNING");
  if (typeof id === "string" && id.trim() !== "") {
    expect(runtime.createRecorder(id).getStatus()).toBe("RUNNING");
  }
  return error;
}

describe("createRecorder refuses, and changes nothing", () => {
  test.each([[undefined], [null], [7], [{}], [Symbol("id")]])("the id %o", (id) => {
    const error = refusal(id);
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('"id"');
  });

  test.each([[""], ["  "], ["\n"]])("the blank id %j", (id) => {
    expect(refusal(id)).toMatchObject(INVALID_ARG_VALUE);
  });

  test.each(["\ud800", "a\udc00b", "\udc00\ud800"])("the id %j with lone surrogates", (id) => {
    const runtime = startedRuntime();
    for (const call of [
      () => runtime.createRecorder(id),
      () => runtime.getRecorder(id),
      () => runtime.tryGetRecorder(id),
      () => runtime.stopRecorder(id),
      () => runtime.stopAndRemoveRecorder(id),
    ]) {
      const error = thrownBy(call);
      expect(error).toMatchObject(INVALID_ARG_VALUE);
      expect(error.message).toContain('"id"');
    }
    expect(runtime.listRecorderIds()).toEqual([]);
  });

  test.each([[null], ["x"], [7], [[]], [() => {}]])("the options %o", (options) => {
    const error = refusal("a", options);
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('"options"');
  });

  test.each([
    ["queueSize", 5],
    ["entityID", "x"],
    ["queue_max_size", 5],
  ])("the unknown option %s", (key, value) => {
    const error = refusal("a", { [key]: value });
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain(`options.${key}`);
  });

  test.each([
    [true, INVALID_ARG_TYPE],
    [5n, INVALID_ARG_TYPE],
    ["5", INVALID_ARG_TYPE],
    [null, INVALID_ARG_TYPE],
    [1.5, OUT_OF_RANGE],
    [0, OUT_OF_RANGE],
    [-1, OUT_OF_RANGE],
    [2 ** 24 + 1, OUT_OF_RANGE],
    [Number.NaN, OUT_OF_RANGE],
    [Number.NEGATIVE_INFINITY, OUT_OF_RANGE],
  ])("the queueMaxSize %o", (queueMaxSize, expected) => {
    const error = refusal("a", { queueMaxSize });
    expect(error).toMatchObject(expected);
    expect(error.message).toContain("options.queueMaxSize");
  });

  test.each([
    ["entityId", "", INVALID_ARG_VALUE],
    ["entityId", null, INVALID_ARG_TYPE],
    ["entityId", "disk-\ud800", INVALID_ARG_VALUE],
    ["namespace", " ", INVALID_ARG_VALUE],
    ["namespace", 1, INVALID_ARG_TYPE],
    ["namespace", "\udfff", INVALID_ARG_VALUE],
    ["queueOverflowPolicy", "BLOCK", INVALID_ARG_VALUE],
    ["queueOverflowPolicy", null, INVALID_ARG_TYPE],
    ["queueOverflowPolicy", true, INVALID_ARG_TYPE],
  ])("%s: %o", (key, value, expected) => {
    const error = refusal("a", { [key]: value });
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(`options.${key}`);
  });
});

describe("createRecorder takes", () => {
  test("names, trimmed, and the runtime's settings where there are none", () => {
    const runtime = startedRuntime({ namespace: "storage", defaultRecorderQueueMaxSize: 5 });
    const plain = runtime.createRecorder(" plain ");
    expect([plain.recorderId, plain.entityId, plain.namespace]).toEqual([
      "plain",
      "plain",
      "storage",
    ]);
    expect(plain.getStats().queueMaxSize).toBe(5);

    const special = runtime.createRecorder("special", {
      entityId: " disk-1 ",
      namespace: " disks ",
      queueMaxSize: 7,
    });
    expect([special.recorderId, special.entityId, special.namespace]).toEqual([
      "special",
      "disk-1",
      "disks",
    ]);
    expect(special.getStats().queueMaxSize).toBe(7);
  });
});
