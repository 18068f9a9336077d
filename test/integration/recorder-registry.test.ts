import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";

const notFound = (recorderId: string) => ({
  name: "MetricsRuntimeRecorderNotFoundError",
  recorderId,
  details: { recorderId },
});

describe("a registered recorder", () => {
  test("runs, and is the object that every look-up gives", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    expect(recorder.getStatus()).toBe("RUNNING");
    expect(runtime.getRecorder("a")).toBe(recorder);
    expect(runtime.tryGetRecorder(" a ")).toBe(recorder);
  });

  test("keeps its id from others, stopped or not", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const taken = { name: "MetricsRuntimeRecorderAlreadyExistsError", recorderId: "a" };
    expect(thrownBy(() => runtime.createRecorder(" a "))).toMatchObject(taken);
    runtime.stopRecorder("a");
    expect(thrownBy(() => runtime.createRecorder("a"))).toMatchObject(taken);
    expect(runtime.getRecorder("a")).toBe(recorder);
    expect(runtime.listRecorderIds()).toEqual(["a"]);
  });

  test("is listed in the order of registration, in a frozen array", () => {
    const runtime = startedRuntime();
    expect(runtime.listRecorderIds()).toEqual([]);
    for (const id of ["b", "10", "a", "9"]) runtime.createRecorder(id);
    runtime.stopAndRemoveRecorder("10");
    runtime.createRecorder("10");
    const ids = runtime.listRecorderIds();
    expect(ids).toEqual(["b", "a", "9", "10"]);
    expect(Object.isFrozen(ids)).toBe(true);
  });

  test("may have any text as id", () => {
    const runtime = startedRuntime();
    const ids = ["größe", "😀", "a\u0000b", "__proto__", "x".repeat(10_000)];
    const recorders = ids.map((id) => runtime.createRecorder(id));
    expect(runtime.listRecorderIds()).toEqual(ids);
    expect(ids.map((id) => runtime.getRecorder(id))).toEqual(recorders);
  });
});

describe("an id that is not registered", () => {
  test("is an error, or undefined for tryGetRecorder", () => {
    const runtime = startedRuntime();
    runtime.createRecorder("a");
    expect(thrownBy(() => runtime.getRecorder("b"))).toMatchObject(notFound("b"));
    expect(thrownBy(() => runtime.stopRecorder("b"))).toMatchObject(notFound("b"));
    expect(thrownBy(() => runtime.stopAndRemoveRecorder("b"))).toMatchObject(notFound("b"));
    expect(runtime.tryGetRecorder("b")).toBeUndefined();
    expect(runtime.listRecorderIds()).toEqual(["a"]);
  });
});

describe("stopRecorder", () => {
  test("stops; the recorder stays registered; a second time succeeds", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    runtime.stopRecorder("a");
    expect(recorder.getStatus()).toBe("STOPPED");
    runtime.stopRecorder("a");
    expect(runtime.getRecorder("a")).toBe(recorder);
  });
});

describe("stopAndRemoveRecorder", () => {
  test("gives the recorder, stopped, and forgets it", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    expect(runtime.stopAndRemoveRecorder("a")).toBe(recorder);
    expect(recorder.getStatus()).toBe("STOPPED");
    expect(runtime.tryGetRecorder("a")).toBeUndefined();
    expect(thrownBy(() => runtime.stopAndRemoveRecorder("a"))).toMatchObject(notFound("a"));
  });

  test("removes a recorder that had stopped already", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    runtime.stopRecorder("a");
    expect(runtime.stopAndRemoveRecorder("a")).toBe(recorder);
    expect(runtime.listRecorderIds()).toEqual([]);
  });

  test("leaves the id to a new recorder, which has nothing of the old one", () => {
    const runtime = startedRuntime();
    const old = runtime.createRecorder("a");
    runtime.stopAndRemoveRecorder("a");
    const fresh = runtime.createRecorder("a");
    expect(fresh).not.toBe(old);
    expect(fresh.getStatus()).toBe("RUNNING");
    expect(Object.keys(fresh.getMetricSnapshots())).toEqual([]);
    expect(old.start().wait().success).toBe(false);
    expect(old.getStatus()).toBe("STOPPED");
    expect(fresh.getStatus()).toBe("RUNNING");
  });
});
