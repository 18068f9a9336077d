import {
  count,
  defineMetric,
  defineMetricEvent,
  exponentialHistogram,
  histogram,
  label,
  type MetricsRecorder,
  quantiles,
  sum,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, rowsOf, seriesOf } from "../support/snapshots.js";

const Save = defineMetricEvent("save", { bytes: uint32(), backend: label(), zone: label() });

/** Two saves to s3 in eu, one to gcs in us. */
function saveThrice(recorder: MetricsRecorder): void {
  recorder.registerEvent(Save({ bytes: 1, backend: "s3", zone: "eu" }));
  recorder.registerEvent(Save({ bytes: 2, backend: "gcs", zone: "us" }));
  recorder.registerEvent(Save({ bytes: 4, backend: "s3", zone: "eu" }));
}

const savesBy = (by: readonly ("backend" | "zone")[], maxSeries?: number) =>
  defineMetric("saves", { bytes: sum(Save, "bytes", { by, maxSeries }) });

describe("metrics group independently:", () => {
  test("two metrics, and two dimensions of one", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(savesBy(["backend"]));
    recorder.registerEvent(Save({ bytes: 8, backend: "azure", zone: "eu" }));
    recorder.registerMetric(
      defineMetric("others", {
        total: count(Save),
        by_zone: count(Save, { by: ["zone"], maxSeries: 1 }),
        by_backend: sum(Save, "bytes", { by: ["backend"] }),
      }),
    );
    saveThrice(recorder);
    expect(rowsOf(recorder, "saves", "bytes")).toEqual([
      ["azure", 8],
      ["s3", 5],
      ["gcs", 2],
    ]);
    expect(dimensionsOf(recorder, "others").total).toBe(3);
    expect(rowsOf(recorder, "others", "by_zone")).toEqual([
      ["eu", 2],
      ["true", 1],
    ]);
    expect(rowsOf(recorder, "others", "by_backend")).toEqual([
      ["s3", 5],
      ["gcs", 2],
    ]);
  });

  test("several recorders of one runtime", () => {
    const runtime = startedRuntime();
    const [one, other] = [runtime.createRecorder("one"), runtime.createRecorder("other")];
    for (const recorder of [one, other]) recorder.registerMetric(savesBy(["backend"], 1));
    other.registerEvent(Save({ bytes: 16, backend: "gcs", zone: "us" }));
    for (const recorder of [one, other]) saveThrice(recorder);
    expect(rowsOf(one, "saves", "bytes")).toEqual([
      ["s3", 5],
      ["true", 2],
    ]);
    expect(rowsOf(other, "saves", "bytes")).toEqual([
      ["gcs", 18],
      ["true", 5],
    ]);
    expect(one.getStats().seriesOverflowed).toBe(1);
    expect(other.getStats().seriesOverflowed).toBe(2);
  });
});

describe("registering a grouped metric again", () => {
  test("with an equal definition changes nothing", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(savesBy(["backend"]));
    saveThrice(recorder);
    recorder.registerMetric(savesBy(["backend"], 2_000)); // what is absent is this
    recorder.registerMetric(savesBy(["backend"], undefined));
    saveThrice(recorder);
    expect(rowsOf(recorder, "saves", "bytes")).toEqual([
      ["s3", 10],
      ["gcs", 4],
    ]);
  });

  test.each([
    ["another maxSeries", savesBy(["backend"], 1_999)],
    ["other fields", savesBy(["zone"])],
    ["a field more", savesBy(["backend", "zone"])],
    ["no fields", defineMetric("saves", { bytes: sum(Save, "bytes") })],
  ])("with %s starts from zero", (_, replacement) => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(savesBy(["backend"]));
    saveThrice(recorder);
    recorder.registerMetric(replacement);
    const empty = replacement.dimensions.bytes?.by.length === 0 ? 0 : [];
    expect(dimensionsOf(recorder, "saves").bytes).toEqual(empty);
  });

  test("with the fields in another order starts from zero, with the labels in that order", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(savesBy(["backend", "zone"]));
    saveThrice(recorder);
    recorder.registerMetric(savesBy(["zone", "backend"]));
    saveThrice(recorder);
    expect(rowsOf(recorder, "saves", "bytes")).toEqual([
      ["eu", "s3", 5],
      ["us", "gcs", 2],
    ]);
  });
});

describe("a snapshot of grouped dimensions", () => {
  test("has every array in it frozen, and does not follow later events", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(
      defineMetric("saves", {
        buckets: histogram(Save, "bytes", { buckets: [1], by: ["zone"] }),
        counts: exponentialHistogram(Save, "bytes", { by: ["zone"] }),
      }),
    );
    saveThrice(recorder);
    const before = recorder.getMetricSnapshots();
    const text = JSON.stringify(before);
    saveThrice(recorder);
    expect(JSON.stringify(before)).toBe(text);
    // Two series for each dimension; in one their buckets, in the other the counts of each sign.
    expect(arraysIn(before)).toHaveLength(1 + 2 + 1 + 2 * 2);
    expect(arraysIn(before).every((array) => Object.isFrozen(array))).toBe(true);
  });

  test("is there after a stop and after a shutdown, as it was", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.registerMetric(
      defineMetric("saves", {
        bytes: sum(Save, "bytes", { by: ["backend", "zone"], maxSeries: 1 }),
        quantiles: quantiles(Save, "bytes", { quantiles: [0.5], by: ["backend"] }),
      }),
    );
    saveThrice(recorder);
    const running = recorder.getMetricSnapshots();
    expect(seriesOf(recorder, "saves", "bytes")).toEqual([
      { labels: { backend: "s3", zone: "eu" }, value: 5 },
      { labels: { metrics_overflow: "true" }, value: 2 },
    ]);
    expect(recorder.stop().wait()).toMatchObject({ success: true });
    expect(recorder.getMetricSnapshots()).toEqual(running);
    runtime.shutdown();
    expect(recorder.getMetricSnapshots()).toEqual(running);
    expect(recorder.getStats().seriesOverflowed).toBe(1);
  });
});

function arraysIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const within = Object.values(value).flatMap(arraysIn);
  return Array.isArray(value) ? [value, ...within] : within;
}
