/** What an exposition shows of recorders, metrics and instruments. */
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import {
  count,
  defineMetric,
  defineMetricEvent,
  distinct,
  exponentialHistogram,
  float64,
  histogram,
  type JsonExposition,
  key,
  label,
  last,
  max,
  mean,
  min,
  quantiles,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { linesOf, renderedSamples, textOf } from "../support/expositions.js";
import { startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";
import { startThread } from "../support/workers.js";

const HELP = { help: "" };
const Saved = defineMetricEvent("render.saved", {
  ms: float64(),
  bytes: uint32(),
  place: label(),
  user: key(),
});
const saved = (ms: number, place = "here") => Saved({ ms, bytes: 10, place, user: "u" });

describe("of a metric", () => {
  test("each dimension is a family of the type that its aggregation has", async () => {
    const runtime = startedRuntime({ namespace: "shop" });
    const recorder = runtime.createRecorder("files");
    recorder.registerMetric(
      defineMetric("saves", {
        total: count(Saved, { help: "Documents saved." }),
        bytes: sum(Saved, "bytes"),
        balance: sum(Saved, "ms"),
        open: upDown([[Saved, 1]]),
        least: min(Saved, "ms"),
        most: max(Saved, "ms"),
        usual: mean(Saved, "ms"),
        latest: last(Saved, "ms"),
        took: histogram(Saved, "ms", { buckets: [1, 10], unit: "ms" }),
        wide: exponentialHistogram(Saved, "ms"),
        ranks: quantiles(Saved, "ms", { quantiles: [0.5, 0.99] }),
        users: distinct(Saved, "user"),
      }),
    );
    recorder.registerEvent(saved(2));
    recorder.registerEvent(saved(4));
    const text = await textOf(runtime);
    expect(linesOf(text, "# TYPE shop_")).toEqual([
      "# TYPE shop_saves_total counter",
      "# TYPE shop_saves_bytes_total counter",
      "# TYPE shop_saves_balance gauge",
      "# TYPE shop_saves_open gauge",
      "# TYPE shop_saves_least gauge",
      "# TYPE shop_saves_most gauge",
      "# TYPE shop_saves_usual gauge",
      "# TYPE shop_saves_latest gauge",
      "# TYPE shop_saves_took_milliseconds histogram",
      "# TYPE shop_saves_wide histogram",
      "# TYPE shop_saves_ranks summary",
      "# TYPE shop_saves_users gauge",
    ]);
    expect(linesOf(text, "# HELP shop_")).toEqual(["# HELP shop_saves_total Documents saved."]);
    expect(await renderedSamples(runtime)).toMatchObject({
      'shop_saves_total{recorder="files"}': 2,
      'shop_saves_bytes_total{recorder="files"}': 20,
      'shop_saves_balance{recorder="files"}': 6,
      'shop_saves_open{recorder="files"}': 2,
      'shop_saves_least{recorder="files"}': 2,
      'shop_saves_most{recorder="files"}': 4,
      'shop_saves_usual{recorder="files"}': 3,
      'shop_saves_latest{recorder="files"}': 4,
      'shop_saves_took_milliseconds_bucket{recorder="files",le="1"}': 0,
      'shop_saves_took_milliseconds_bucket{recorder="files",le="10"}': 2,
      'shop_saves_took_milliseconds_bucket{recorder="files",le="+Inf"}': 2,
      'shop_saves_took_milliseconds_sum{recorder="files"}': 6,
      'shop_saves_took_milliseconds_count{recorder="files"}': 2,
      'shop_saves_wide_bucket{recorder="files",le="2"}': 1,
      'shop_saves_wide_bucket{recorder="files",le="4"}': 2,
      'shop_saves_wide_count{recorder="files"}': 2,
      'shop_saves_ranks_count{recorder="files"}': 2,
      'shop_saves_users{recorder="files"}': 1,
    });
  });

  test("what has no value yet is not there", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("files");
    recorder.registerMetric(defineMetric("saves", { total: count(Saved), most: max(Saved, "ms") }));
    recorder.gauge("heat", HELP);
    expect(await renderedSamples(runtime)).toEqual({ 'test_saves_total{recorder="files"}': 0 });
  });

  test("groups are series, and the overflow is one that says so", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("files");
    recorder.registerMetric(
      defineMetric("saves", { by_place: count(Saved, { by: ["place"], maxSeries: 2 }) }),
    );
    for (const place of ["a", 'b"\\\n', "c", "d"]) recorder.registerEvent(saved(1, place));
    expect(await renderedSamples(runtime)).toEqual({
      'test_saves_by_place_total{recorder="files",place="a"}': 1,
      'test_saves_by_place_total{recorder="files",place="b\\"\\\\\\n"}': 1,
      'test_saves_by_place_total{recorder="files",metrics_overflow="true"}': 2,
    });
  });
});

describe("of an instrument", () => {
  test("a family of its kind", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.counter("hits", { help: "Hits.", labels: ["to"] }).add(3, { to: "x" });
    recorder.upDownCounter("open", { help: "Open." }).add(-2);
    recorder.gauge("heat", { help: "Heat.", unit: "Cel" }).set(1.5);
    recorder.observableGauge("heap", { help: "Heap.", unit: "By" }, () => 7);
    recorder.histogram("took", { help: "Took.", unit: "s", buckets: [1] }).record(0.5);
    const text = await textOf(runtime);
    expect(linesOf(text, "# TYPE test_")).toEqual([
      "# TYPE test_hits_total counter",
      "# TYPE test_open gauge",
      "# TYPE test_heat_celsius gauge",
      "# TYPE test_heap_bytes gauge",
      "# TYPE test_took_seconds histogram",
    ]);
    expect(await renderedSamples(runtime)).toEqual({
      'test_hits_total{recorder="a",to="x"}': 3,
      'test_open{recorder="a"}': -2,
      'test_heat_celsius{recorder="a"}': 1.5,
      'test_heap_bytes{recorder="a"}': 7,
      'test_took_seconds_bucket{recorder="a",le="1"}': 1,
      'test_took_seconds_bucket{recorder="a",le="+Inf"}': 1,
      'test_took_seconds_sum{recorder="a"}': 0.5,
      'test_took_seconds_count{recorder="a"}': 1,
    });
  });

  test("series that overflow, end and come back", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const options = { help: "", labels: ["to"], maxSeries: 1, expireAfterMs: 200 } as const;
    const hits = recorder.counter("hits", options);
    hits.add(1, { to: "x" });
    hits.add(5, { to: "y" });
    const overflow = 'test_hits_total{recorder="a",metrics_overflow="true"}';
    expect(await renderedSamples(runtime)).toEqual({
      'test_hits_total{recorder="a",to="x"}': 1,
      [overflow]: 5,
    });
    let samples = await renderedSamples(runtime);
    for (const end = performance.now() + 10_000; performance.now() < end; await sleep(20)) {
      samples = await renderedSamples(runtime);
      if (Object.keys(samples).length === 1) break;
    }
    // The overflow series is for ever; what has ended makes room for others.
    expect(samples).toEqual({ [overflow]: 5 });
    hits.add(2, { to: "y" });
    expect(await renderedSamples(runtime)).toEqual({
      'test_hits_total{recorder="a",to="y"}': 2,
      [overflow]: 5,
    });
  });
});

describe("another help text means nothing, and the first is shown:", () => {
  test("an instrument", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const first = recorder.counter("hits", { help: "Hits." });
    first.add(2);
    const again = recorder.counter("hits", { help: "Hits, in other words." });
    expect(again).toBe(first);
    again.add(3);
    const thread = await startThread(runtime);
    await thread.run(({ runtime }) => {
      runtime.getRecorder("a").counter("hits", { help: "Hits of a thread." }).add(4);
    });
    const text = await textOf(runtime);
    expect(linesOf(text, "# HELP test_hits")).toEqual(["# HELP test_hits_total Hits."]);
    expect(linesOf(text, "test_hits")).toEqual(['test_hits_total{recorder="a"} 9']);
  });

  test("a dimension", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    for (const help of ["Saves.", "Saves, in other words.", ""]) {
      recorder.registerMetric(defineMetric("saves", { total: count(Saved, { help }) }));
      recorder.registerEvent(saved(1));
    }
    const text = await textOf(runtime);
    expect(linesOf(text, "# HELP test_saves")).toEqual(["# HELP test_saves_total Saves."]);
    expect(linesOf(text, "test_saves")).toEqual(['test_saves_total{recorder="a"} 3']);
  });
});

describe("of several recorders", () => {
  test("one family, in which each has its label, and its entity where that is another one", async () => {
    const runtime = startedRuntime();
    for (const [id, entityId] of [["one"], ["two", "the-second"]] as const) {
      const recorder = runtime.createRecorder(id, { entityId });
      recorder.counter("hits", { help: "Hits." }).add(1);
    }
    const text = await textOf(runtime);
    expect(linesOf(text, "# TYPE test_hits")).toHaveLength(1);
    expect(linesOf(text, "test_hits")).toEqual([
      'test_hits_total{recorder="one"} 1',
      'test_hits_total{recorder="two",entity="the-second"} 1',
    ]);
  });

  test("each has the namespace that it was given", async () => {
    const runtime = startedRuntime({ namespace: "shop" });
    runtime.createRecorder("a").counter("hits", HELP).add();
    runtime.createRecorder("b", { namespace: "my.store-2" }).counter("hits", HELP).add();
    expect(Object.keys(await renderedSamples(runtime))).toEqual([
      'shop_hits_total{recorder="a"}',
      'my_store_2_hits_total{recorder="b"}',
    ]);
  });

  test("one alone, and none that was removed", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.counter("hits", HELP).add();
    runtime.createRecorder("b").counter("hits", HELP).add();
    expect(await renderedSamples(recorder)).toEqual({ 'test_hits_total{recorder="a"}': 1 });
    runtime.stopAndRemoveRecorder("a");
    expect(await renderedSamples(runtime)).toEqual({ 'test_hits_total{recorder="b"}': 1 });
    const removed = {
      name: "MetricsRecorderUnexpectedError",
      cause: { name: "MetricsRuntimeRecorderNotFoundError", recorderId: "a" },
    };
    await expect(recorder.render("json")).rejects.toMatchObject(removed);
    expect(thrownBy(() => recorder.renderSync("json"))).toMatchObject(removed);
  });

  test("one that is stopped keeps what it has", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.counter("hits", HELP).add();
    runtime.stopRecorder("a");
    const text = await textOf(runtime);
    expect(linesOf(text, "test_hits")).toEqual(['test_hits_total{recorder="a"} 1']);
    expect(linesOf(text, "metrics_runtime_recorder_running{")).toEqual([
      'metrics_runtime_recorder_running{recorder="a"} 0',
    ]);
  });
});

test("the library tells of itself", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize: 4 });
  recorder.registerMetric(
    defineMetric("saves", { by: count(Saved, { by: ["place"], maxSeries: 1 }) }),
  );
  runtime.createRecorder("b");
  recorder.registerEvent(saved(1, "x"));
  recorder.registerEvent(saved(1, "y"));
  recorder.registerEvent(saved(Number.NaN));
  const text = await textOf(runtime);
  const of = (name: string) => linesOf(text, `metrics_runtime_${name}{recorder="a"}`)[0];
  expect(of("events_accepted_total")).toMatch(/ 2$/);
  expect(of("events_dispatched_total")).toMatch(/ 2$/);
  expect(of("events_dropped_total")).toMatch(/ 0$/);
  expect(of("values_invalid_total")).toMatch(/ 1$/);
  expect(of("events_undelivered_total")).toMatch(/ 0$/);
  expect(of("series_overflowed_total")).toMatch(/ 1$/);
  expect(of("labels_overflowed_total")).toMatch(/ 0$/);
  expect(of("queue_depth")).toMatch(/ 0$/);
  expect(of("queue_limit")).toMatch(/ 4$/);
  expect(of("observations_failed_total")).toMatch(/ 0$/);
  expect(of("hook_failures_total")).toMatch(/ 0$/);
  // Of the runtime, whose thread it is: no recorder's.
  expect(linesOf(text, "metrics_runtime_drain_seconds_total ")).toHaveLength(1);
  expect(linesOf(text, "metrics_runtime_render_seconds_total ")).toHaveLength(1);
  expect(linesOf(text, "metrics_runtime_renders")).toEqual([
    "metrics_runtime_renders_total 0",
    "metrics_runtime_renders_failed_total 0",
  ]);
  expect(linesOf(text, 'metrics_runtime_queue_limit{recorder="b"}')).toHaveLength(1);
});

describe("the formats", () => {
  test("say the same", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.counter("hits", { help: "Hits." }).add(3);
    const open = Buffer.from(await recorder.render("openmetrics")).toString();
    expect(open).toContain("# TYPE test_hits counter\n");
    expect(open).toContain('test_hits_total{recorder="a"} 3\n');
    expect(open).toMatch(/test_hits_created\{recorder="a"\} \d+\.?\d*\n/);
    expect(open).toMatch(/\n# EOF\n$/);
    const { families } = JSON.parse(Buffer.from(await recorder.render("json")).toString());
    expect(families[0]).toMatchObject({
      name: "test_hits",
      type: "counter",
      help: "Hits.",
      series: [{ labels: { recorder: "a" }, value: 3 }],
    });
    const protobuf = Buffer.from(await recorder.render("protobuf"));
    expect(protobuf.includes("test_hits_total")).toBe(true);
  });

  test("JSON is what its type says", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", { entityId: "e" });
    recorder.gauge("heat", { help: "Heat.", unit: "Cel" }).set(21);
    const took = recorder.histogram("took", {
      help: "",
      unit: "s",
      buckets: [1, 2],
      labels: ["n"],
    });
    for (const seconds of [0.5, 0.75, 1.5, 9]) took.record(seconds, { n: "x" });
    const wide = recorder.histogram("wide", { help: "", exponential: { maxSize: 2 } });
    for (const value of [-2, 0, 1.5, 3, Number.MAX_VALUE, Number.MAX_VALUE]) wide.record(value);
    const ranks = quantiles(Saved, "ms", { quantiles: [0.5] });
    recorder.registerMetric(defineMetric("saves", { ranks }));
    const began = Date.now() / 1000;
    const bytes = await recorder.render("json");
    const { families }: JsonExposition = JSON.parse(Buffer.from(bytes).toString());
    const labels = { recorder: "a", entity: "e" };
    const [heat, seconds, exponential, summary] = families;
    expect([heat?.name, heat?.type, heat?.help, heat?.unit]).toEqual([
      "test_heat_celsius",
      "gauge",
      "Heat.",
      "celsius",
    ]);
    expect(heat?.series).toEqual([{ labels, created: expect.any(Number), value: 21 }]);
    expect(Math.abs((heat?.series[0]?.created ?? 0) - began)).toBeLessThan(60);
    expect(seconds).toEqual({
      name: "test_took_seconds",
      type: "histogram",
      help: "",
      unit: "seconds",
      series: [
        {
          labels: { ...labels, n: "x" },
          created: expect.any(Number),
          value: {
            count: 4,
            sum: 11.75,
            buckets: [
              { le: 1, count: 2 },
              { le: 2, count: 1 },
              { le: "+Inf", count: 1 },
            ],
          },
        },
      ],
    });
    expect([exponential?.type, exponential?.series[0]?.value]).toEqual([
      "exponentialHistogram",
      {
        count: 6,
        sum: "+Inf",
        scale: -9,
        zeroCount: 1,
        positive: { offset: 0, counts: [2, 2] },
        negative: { offset: 0, counts: [1] },
      },
    ]);
    expect([summary?.type, summary?.series[0]?.value]).toEqual([
      "summary",
      { count: 0, sum: 0, quantiles: { "0.5": "NaN" } },
    ]);
  });

  test.each(["prometheus", "openmetrics", "protobuf", "json"] as const)(
    "%s, compressed, is the same",
    async (format) => {
      const runtime = startedRuntime();
      const recorder = runtime.createRecorder("a");
      const hits = recorder.counter("hits", { help: "", labels: ["n"], maxSeries: 5_000 });
      for (let n = 0; n < 5_000; n++) hits.add(n, { n: `${n}` });
      recorder.stop().wait();
      const plain = Buffer.from(await recorder.render(format));
      const gzip = await recorder.render(format, { gzip: true });
      expect(gunzipSync(gzip).equals(plain)).toBe(true);
      expect(gzip.length).toBeLessThan(plain.length / 4);
      expect(Buffer.from(recorder.renderSync(format)).equals(plain)).toBe(true);
      expect(gunzipSync(recorder.renderSync(format, { gzip: true })).equals(plain)).toBe(true);
    },
  );
});
