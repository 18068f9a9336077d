import { contentTypes } from "metrics-runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../../scripts/engines/engine.mjs";
import { startPrometheus, warningsIn } from "../../scripts/engines/prometheus.mjs";
import { checkMetrics } from "../../scripts/engines/promtool.mjs";
import { put, startPushgateway } from "../../scripts/engines/pushgateway.mjs";
import { type PythonParser, startPythonParser } from "../../scripts/engines/python-parser.mjs";
import { describeWithEngines } from "../support/engines/describe-with-engines.js";
import {
  type ExpositionServer,
  type ScrapedFormat,
  serveExpositions,
} from "../support/engines/exposition-server.js";
import { type ExpectedSample, GOOD } from "../support/engines/good-expositions.js";
import { PrometheusApi, type QueriedSample } from "../support/engines/prometheus-api.js";

const FORMATS: readonly ScrapedFormat[] = ["prometheus", "openmetrics", "protobuf"];

const sorted = (samples: readonly ExpectedSample[]) =>
  samples.toSorted(([a], [b]) => (a < b ? -1 : 1));

/** As a selector, without the labels that Prometheus or the Pushgateway adds. */
function seriesOf(name: string | undefined, labels: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels).filter(([label]) => label !== "job" && label !== "instance");
  return `${name}{${own.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(",")}}`;
}

const queried = (samples: readonly QueriedSample[]): readonly ExpectedSample[] =>
  sorted(samples.map(({ name, labels, value }) => [seriesOf(name, labels), value]));

describeWithEngines(["prometheus"], "Prometheus has what was exposed:", () => {
  let server: ExpositionServer;
  let prometheus: Engine;
  let api: PrometheusApi;

  beforeAll(async () => {
    server = await serveExpositions(
      new Map(FORMATS.map((format) => [`/${format}`, GOOD[format].exposition])),
    );
    // What it asks for does not change what it takes, but protobuf, which needs the feature.
    prometheus = await startPrometheus({
      nativeHistograms: true,
      targets: FORMATS.map((job) => ({ job, address: server.address, path: `/${job}` })),
    });
    api = new PrometheusApi(prometheus.url);
  });
  afterAll(async () => {
    await prometheus?.stop();
    await server?.stop();
  });

  test.each(FORMATS)("every sample of %s, and no other", async (format) => {
    const { time, up, samples } = await api.scraped(format);
    expect({ up, lastErrors: (await api.targets()).map(({ lastError }) => lastError) }).toEqual({
      up: true,
      lastErrors: ["", "", ""],
    });
    const expected = sorted(GOOD[format].samples);
    expect(queried(await api.exposed(format, time))).toEqual(expected);
    expect(samples).toBe(expected.length);
  });

  test.each(FORMATS)("types, help texts and units of %s", async (format) => {
    await api.scraped(format);
    const metadata = [...(await api.metadata(format))].map(([name, { type, help, unit }]) => [
      name,
      type,
      help,
      unit,
    ]);
    expect(new Set(metadata)).toEqual(new Set(GOOD[format].metadata));
  });

  test("a later scrape has the later values", async () => {
    const { time } = await api.scraped("prometheus");
    const later = await api.scraped("prometheus", time);
    expect(later.time).toBeGreaterThan(time);
    expect(await api.number('requests_total{job="prometheus",route="/"}', later.time)).toBe(1027);
    expect(await api.series('{job="prometheus",__name__="requests_total"}')).toHaveLength(3);
  });

  test("without a warning in its log", async () => {
    for (const format of FORMATS) await api.scraped(format);
    await prometheus.stop();
    expect(warningsIn(prometheus.log)).toEqual([]);
  });
});

describeWithEngines(["prometheus"], "Prometheus asks", () => {
  const PLAIN =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
  const WITH_PROTOBUF =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited," +
    PLAIN.replace("version=1.0.0,", "version=1.0.0;q=0.8,");

  test.concurrent.each([
    ["for OpenMetrics first", false, PLAIN],
    ["for protobuf first when it keeps native histograms", true, WITH_PROTOBUF],
  ])("%s", async (_, nativeHistograms, accept) => {
    const server = await serveExpositions(new Map([["/metrics", GOOD.prometheus.exposition]]));
    const targets = [{ job: "a", address: server.address }];
    const prometheus = await startPrometheus({ targets, nativeHistograms });
    try {
      await new PrometheusApi(prometheus.url).scraped("a");
      expect(server.headersOf("/metrics")).toMatchObject({ accept, "accept-encoding": "gzip" });
    } finally {
      await prometheus.stop();
      await server.stop();
    }
  });
});

describeWithEngines(["promtool", "pushgateway", "python"], "a good exposition", () => {
  let pushgateway: Engine;
  let python: PythonParser;
  beforeAll(async () => {
    python = startPythonParser();
    pushgateway = await startPushgateway();
  });
  afterAll(async () => {
    await pushgateway?.stop();
    await python?.stop();
  });

  test("is praised by promtool", async () => {
    const { body } = GOOD.prometheus.exposition;
    expect(await checkMetrics(String(body), { strict: true })).toEqual({ code: 0, problems: [] });
  });

  test.each(["prometheus", "openmetrics"] as const)("in %s is read by Python", async (format) => {
    const { families, error } = await python.parse(format, GOOD[format].exposition.body);
    expect(error).toBeNull();
    const samples = families.flatMap((family) => family.samples);
    const values = samples.map(({ name, labels, value }): ExpectedSample => {
      const number = typeof value === "string" ? Number(value.replace("Inf", "Infinity")) : value;
      return [seriesOf(name, labels), number];
    });
    expect(sorted(values)).toEqual(sorted(GOOD[format].samples));
    const told = families.map(({ name, type, help, unit }) => [name, type, help, unit]);
    const expected = GOOD[format].metadata.map(([name, ...rest]) => [
      // As OpenMetrics calls it, in both formats.
      name.replace(/_total$/, ""),
      ...rest,
    ]);
    expect(told).toEqual(expected);
  });

  test.each(["prometheus", "protobuf"] as const)(
    "in %s is taken by the Pushgateway",
    async (format) => {
      const { body } = GOOD[format].exposition;
      const bytes = typeof body === "string" ? body : Uint8Array.from(body);
      const answer = await put(pushgateway.url, format, bytes, contentTypes[format]);
      expect(answer).toEqual({ status: 200, told: "" });
      const kept = await (await fetch(`${pushgateway.url}/metrics`)).text();
      expect(kept).toContain(`requests_total{instance="",job="${format}",route="/"} 1027\n`);
    },
  );
});
