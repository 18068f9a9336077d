/** Names that cannot be exposed beside one another are refused when they are registered. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  label,
  type MetricsRecorder,
  quantiles,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { linesOf, renderedSamples, textOf } from "../support/expositions.js";
import { startedRuntime } from "../support/runtimes.js";

const HELP = { help: "" };
const TAKEN = (name: string) =>
  expect.objectContaining({
    code: "ERR_INVALID_ARG_VALUE",
    message: expect.stringContaining(`is exposed as '${name}', and so is another metric`),
  });
/** What another recorder has with another type or unit. */
const TAKEN_AS = (name: string, as: string) =>
  expect.objectContaining({
    code: "ERR_INVALID_ARG_VALUE",
    message: expect.stringContaining(
      `is exposed as '${name}', which another recorder has with the type ${as}`,
    ),
  });
const Seen = defineMetricEvent("render_names.seen", { place: label(), ms: float64() });

describe("in one recorder", () => {
  test("two instruments whose names come out alike", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.counter("http.hits", HELP).add(1);
    expect(() => recorder.counter("http-hits", HELP)).toThrow(TAKEN("test_http_hits"));
    expect(() => recorder.gauge("http_hits_total", HELP)).toThrow(TAKEN("test_http_hits_total"));
    expect(await renderedSamples(runtime)).toEqual({ 'test_http_hits_total{recorder="a"}': 1 });
    // Nothing of what was refused is left.
    expect(recorder.getMetricSnapshots()).toEqual({
      "http.hits": { name: "http.hits", dimensions: { value: 1 } },
    });
    recorder.gauge("http_hit", HELP).set(2);
  });

  test("a histogram and what has the name of its sum", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.gauge("took_sum", HELP);
    expect(() => recorder.histogram("took", { help: "", buckets: [1] })).toThrow(
      TAKEN("test_took_sum"),
    );
    recorder.histogram("took2", { help: "", buckets: [1] });
    expect(() => recorder.gauge("took2_count", HELP)).toThrow(TAKEN("test_took2_count"));
  });

  test("an instrument and a metric's dimension", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.counter("seen_by_place", HELP);
    const seen = defineMetric("seen", { by_place: count(Seen) });
    expect(() => recorder.registerMetric(seen)).toThrow(TAKEN("test_seen_by_place"));
    expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["seen_by_place"]);
  });

  test("two dimensions of one metric", () => {
    const recorder = startedRuntime().createRecorder("a");
    const twice = defineMetric("seen", { "a-b": count(Seen), a_b: count(Seen) });
    expect(() => recorder.registerMetric(twice)).toThrow(TAKEN("test_seen_a_b"));
    recorder.registerMetric(defineMetric("seen", { a_b: count(Seen) }));
  });

  test("a metric may be replaced by one of the same names, and back", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const one = defineMetric("seen", { total: count(Seen) });
    const two = defineMetric("seen", { total: count(Seen, { by: ["place"] }), more: count(Seen) });
    for (const metric of [one, two, one]) recorder.registerMetric(metric);
    recorder.counter("seen_more", HELP).add(1);
    expect(() => recorder.registerMetric(two)).toThrow(TAKEN("test_seen_more"));
    // The one that could not be replaced still has its names, and its values.
    expect(() => recorder.counter("seen.total", HELP)).toThrow(TAKEN("test_seen"));
    recorder.registerEvent(Seen({ place: "here", ms: 1 }));
    expect(await renderedSamples(runtime)).toEqual({
      'test_seen_total{recorder="a"}': 1,
      'test_seen_more_total{recorder="a"}': 1,
    });
  });
});

describe("in several recorders", () => {
  test("a family has one type and one unit, and who wants another is told which", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.counter("hits", HELP);
    recorder.gauge("open_seconds", { help: "", unit: "s" });
    recorder.histogram("took", { help: "", buckets: [1] });
    recorder.histogram("size", { help: "", exponential: true });
    const ranks = quantiles(Seen, "ms", { quantiles: [0.5] });
    recorder.registerMetric(defineMetric("seen", { ranks }));
    const other = runtime.createRecorder("b");
    expect(() => other.gauge("hits", HELP)).toThrow(
      TAKEN_AS("test_hits", "'counter' and no unit. Received \"hits\""),
    );
    expect(() => other.gauge("open_seconds", HELP)).toThrow(
      TAKEN_AS("test_open_seconds", "'gauge' and the unit 'seconds'."),
    );
    expect(() => other.gauge("took", HELP)).toThrow(
      TAKEN_AS("test_took", "'histogram' and no unit."),
    );
    expect(() => other.gauge("size", HELP)).toThrow(
      TAKEN_AS("test_size", "'exponentialHistogram' and no unit."),
    );
    const seen = defineMetric("seen", { ranks: count(Seen) });
    expect(() => other.registerMetric(seen)).toThrow(
      TAKEN_AS("test_seen_ranks", "'summary' and no unit. Received \"seen\""),
    );
    other.counter("hits", { help: "Said in other words." });
    other.registerMetric(defineMetric("seen", { ranks }));
    // Of one recorder it is another metric, whatever its type.
    expect(() => recorder.gauge("seen_ranks", HELP)).toThrow(TAKEN("test_seen_ranks"));
  });

  test("where the names meet elsewhere, no type is told", () => {
    const runtime = startedRuntime();
    runtime.createRecorder("a").histogram("took", { help: "", buckets: [1] });
    const other = runtime.createRecorder("b");
    expect(() => other.gauge("took_sum", HELP)).toThrow(TAKEN("test_took_sum"));
  });

  test("with other namespaces they do not meet", () => {
    const runtime = startedRuntime();
    runtime.createRecorder("a").counter("hits", HELP);
    runtime.createRecorder("b", { namespace: "other" }).gauge("hits", HELP);
  });

  test("a name is free again when its recorder was removed, and not when it was stopped", () => {
    const runtime = startedRuntime();
    runtime.createRecorder("a").counter("hits", HELP);
    runtime.stopRecorder("a");
    const other = runtime.createRecorder("b");
    expect(() => other.gauge("hits", HELP)).toThrow(TAKEN_AS("test_hits", "'counter' and no unit"));
    runtime.stopAndRemoveRecorder("a");
    other.gauge("hits", HELP);
  });

  test("those of the library itself are nobody's", () => {
    const runtime = startedRuntime({ namespace: "metrics_runtime" });
    const recorder = runtime.createRecorder("a");
    expect(() => recorder.gauge("queue_depth", HELP)).toThrow(TAKEN("metrics_runtime_queue_depth"));
    recorder.gauge("queue_depths", HELP);
  });

  test("a creation whose hook throws leaves its names to others", () => {
    const runtime = startedRuntime();
    const onStarting = (recorder: MetricsRecorder) => {
      recorder.counter("hits", HELP);
      throw new Error("no");
    };
    expect(() => runtime.createRecorder("a", { hooks: { onStarting } })).toThrow();
    runtime.createRecorder("a").gauge("hits", HELP);
  });
});

test("labels that have a meaning already come under another name", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const labels = ["recorder", "le", "__name__"] as const;
  const hits = recorder.counter("hits", { help: "", labels });
  hits.add(1, { recorder: "r", le: "l", __name__: "n" });
  expect(await renderedSamples(runtime)).toEqual({
    'test_hits_total{recorder="a",exported_recorder="r",exported_le="l",exported___name__="n"}': 1,
  });
});

describe("two labels that come under one name are refused:", () => {
  test("of an instrument, by its option", () => {
    const recorder = startedRuntime().createRecorder("a");
    const make = () => recorder.counter("more", { help: "", labels: ["le", "exported_le"] });
    expect(make).toThrow(
      expect.objectContaining({
        code: "ERR_INVALID_ARG_VALUE",
        message:
          "The \"options.labels\" property has two labels that are exposed as 'exported_le' in 'test_more'. " +
          "Received an array",
      }),
    );
    recorder.counter("more", { help: "", labels: ["le"] });
  });

  test("of a metric, by the family", () => {
    const recorder = startedRuntime().createRecorder("a");
    const Tagged = defineMetricEvent("render_names.tagged", { le: label(), exported_le: label() });
    const by = ["le", "exported_le"] as const;
    const metric = defineMetric("tagged", { one: count(Tagged), each: count(Tagged, { by }) });
    expect(() => recorder.registerMetric(metric)).toThrow(
      expect.objectContaining({
        code: "ERR_INVALID_ARG_VALUE",
        message:
          "The \"metric.metricName\" property has two labels that are exposed as 'exported_le' " +
          "in 'test_tagged_each'. Received \"tagged\"",
      }),
    );
    expect(recorder.getMetricSnapshots()).toEqual({});
  });
});

test("any name and any text can be exposed", async () => {
  const runtime = startedRuntime({ namespace: "9 lives" });
  const recorder = runtime.createRecorder('a "b"\n\\', { entityId: "é 🦊" });
  recorder
    .counter("größe/ß.total", { help: 'Line\none \\ "two"', labels: ["x"] })
    .add(1, { x: "" });
  const text = await textOf(runtime);
  expect(linesOf(text, "# HELP _9")).toEqual([
    '# HELP _9_lives_gr__e___total Line\\none \\\\ "two"',
  ]);
  expect(linesOf(text, "_9")).toEqual([
    '_9_lives_gr__e___total{recorder="a \\"b\\"\\n\\\\",entity="é 🦊",x=""} 1',
  ]);
});
