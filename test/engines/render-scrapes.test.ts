/** A runtime behind metricsHandler, scraped by the real Prometheus: what it has is what snapshots say. */
import { createServer, type RequestListener, type Server } from "node:http";
import { type ExpositionFormat, MetricsRuntime, metricsHandler, negotiate } from "metrics-runtime";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Engine } from "../../scripts/engines/engine.mjs";
import { startPrometheus, warningsIn } from "../../scripts/engines/prometheus.mjs";
import { checkMetrics } from "../../scripts/engines/promtool.mjs";
import { startPushgateway } from "../../scripts/engines/pushgateway.mjs";
import { type PythonParser, startPythonParser } from "../../scripts/engines/python-parser.mjs";
import { describeWithEngines } from "../support/engines/describe-with-engines.js";
import { expectParsed } from "../support/engines/expect-parsed.js";
import { type ExposedFamily, exposedFamilies } from "../support/engines/exposed-families.js";
import { exposedSamples } from "../support/engines/exposed-samples.js";
import type { ScrapedFormat } from "../support/engines/exposition-server.js";
import { keptByPushgateway } from "../support/engines/kept-by-pushgateway.js";
import { ownFamilies, ownSampleCount, ownSampleNames } from "../support/engines/own-families.js";
import { PrometheusApi } from "../support/engines/prometheus-api.js";
import {
  decodedText,
  type RenderedDocument,
  renderedIn,
  typeName,
} from "../support/engines/rendered-document.js";
import { type ScrapedMetrics, scrapedMetrics } from "../support/engines/scraped-metrics.js";
import { asScraped, scrapedSamples } from "../support/engines/scraped-samples.js";

async function serve(listener: RequestListener): Promise<{ server: Server; address: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it has no port");
  return { server, address: `127.0.0.1:${address.port}` };
}

const own = ownFamilies();
const ownSamples = ownSampleNames(own);
const begunFrom = Date.now() / 1000;

/** Of each there is a job, which is called after it. */
const FORMATS: readonly ScrapedFormat[] = ["prometheus", "openmetrics", "protobuf"];

describeWithEngines(["prometheus"], "Prometheus, which scrapes a runtime", () => {
  let runtime: MetricsRuntime;
  let metrics: ScrapedMetrics;
  let server: Server;
  let classic: Engine;
  let native: Engine;
  const answered = new Set<ExpositionFormat>();
  const apiOf = (job: ScrapedFormat) =>
    new PrometheusApi((job === "protobuf" ? native : classic).url);

  beforeAll(async () => {
    runtime = new MetricsRuntime({ namespace: "shop" });
    runtime.start();
    metrics = scrapedMetrics(runtime);
    const handler = metricsHandler(runtime);
    const served = await serve((request, response) => {
      // An exporter that knows nothing but text.
      if (request.url === "/text") request.headers.accept = "text/plain";
      const negotiated = negotiate(request.headers.accept, undefined);
      if (negotiated !== undefined) answered.add(negotiated.format);
      handler(request, response);
    });
    server = served.server;
    const { address } = served;
    [classic, native] = await Promise.all([
      startPrometheus({
        targets: [
          { job: "prometheus", address, path: "/text" },
          { job: "openmetrics", address },
        ],
      }),
      startPrometheus({ targets: [{ job: "protobuf", address }], nativeHistograms: true }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([classic?.stop(), native?.stop()]);
    server?.closeAllConnections();
    server?.close();
    runtime?.shutdown();
  });

  async function expectScraped(format: ScrapedFormat, after = 0): Promise<number> {
    const api = apiOf(format);
    const { up, time, samples } = await api.scraped(format, after);
    expect(up, JSON.stringify(await api.targets())).toBe(true);
    const exposed = await api.exposed(format, time);
    const expected = exposedFamilies(metrics.declared);
    const { told, created } = asScraped(exposed, expected, format, ownSamples);
    expect(told).toEqual(scrapedSamples(exposedSamples(expected, format)));
    const cumulative = expected.filter(({ type }) => type !== "gauge");
    const series = cumulative.reduce((sum, { series }) => sum + series.length, 0);
    expect(created).toHaveLength(format === "openmetrics" ? series : 0);
    for (const value of created) {
      expect(value).toBeGreaterThan(begunFrom - 60);
      expect(value).toBeLessThan(Date.now() / 1000 + 60);
    }
    const library = ownSampleCount(own, metrics.recorders, format);
    expect(samples).toBe(exposed.length);
    expect(samples).toBe(told.length + created.length + library);
    return time;
  }

  test.each(FORMATS)("has of %s what snapshots have, and nothing else", async (format) => {
    await expectScraped(format);
  });

  test.each(FORMATS)("has of %s types and help texts", async (job) => {
    const api = apiOf(job);
    await api.scraped(job);
    const metadata = await api.metadata(job);
    for (const family of exposedFamilies(metrics.declared)) {
      const { name, type, help, unit } = family;
      const suffixed = type === "counter" && job !== "openmetrics" ? `${name}_total` : name;
      expect([suffixed, metadata.get(suffixed)]).toEqual([
        suffixed,
        { type: typeName(type), help, unit: job === "openmetrics" ? unit : "" },
      ]);
    }
  });

  test("asks for the formats that these jobs are called after", async () => {
    for (const job of FORMATS) await apiOf(job).scraped(job);
    expect([...answered].sort()).toEqual(["openmetrics", "prometheus", "protobuf"]);
  });

  test("has of a native histogram count, sum, and quantiles within a bucket", async () => {
    const api = apiOf("protobuf");
    const { time } = await api.scraped("protobuf");
    const seconds = 'shop_seconds{recorder="web"}';
    const family = exposedFamilies(metrics.declared).find(({ name }) => name === "shop_seconds");
    const { value } = family?.series.find(({ labels }) => labels.recorder === "web") ?? {};
    if (typeof value !== "object" || !("scale" in value)) throw new Error("it is no histogram");
    expect(await api.number(`histogram_count(${seconds})`, time)).toBe(value.count);
    expect(await api.number(`histogram_sum(${seconds})`, time)).toBe(value.sum);
    const base = 2 ** (2 ** -value.scale);
    for (const quantile of [0.05, 0.5, 0.9, 0.99]) {
      // The values are 0.01, 0.02, … 2.
      const rank = Math.ceil(quantile * 200) / 100;
      const estimated = await api.number(`histogram_quantile(${quantile}, ${seconds})`, time);
      expect(estimated).toBeGreaterThan(rank / base - 1e-9);
      expect(estimated).toBeLessThan(rank * base + 1e-9);
    }
  });

  test("has what has changed since: values, rates, and the reset of a recorder made again", async () => {
    const before = new Map<string, number>();
    for (const job of FORMATS) before.set(job, await expectScraped(job));
    metrics.hit(50);
    for (let i = 0; i < 40; i++) metrics.wait(8);
    metrics.restart();
    // Prometheus moves its stamps by up to 2 ms.
    const changed = Date.now() / 1000 + 0.01;
    for (const job of FORMATS) {
      const api = apiOf(job);
      const after = await expectScraped(job, changed);
      const hits = `shop_hits_total{recorder="web",to="x",job="${job}"}`;
      expect(await api.number(hits, before.get(job))).toBe(1_000);
      expect(await api.number(hits, after)).toBe(1_050);
      const lives = `shop_lives_total{job="${job}"}`;
      expect(await api.number(lives, after)).toBe(1);
      expect(await api.number(`resets(${lives}[5m])`, after)).toBe(1);
      // What it has come back with was added, and nothing was taken away: 1, and 50 times that.
      const ratio = `increase(${hits}[5m]) / ignoring(recorder, to) increase(${lives}[5m])`;
      expect(await api.number(ratio, after), job).toBeCloseTo(50);
      if (job !== "protobuf") continue;
      const rates = `rate(shop_seconds{recorder="web"}[5m])`;
      const mean = await api.number(`histogram_sum(${rates}) / histogram_count(${rates})`, after);
      expect(mean).toBeCloseTo(8);
    }
  });

  test("without a warning in its log", async () => {
    for (const engine of [classic, native]) {
      await engine.stop();
      expect(warningsIn(engine.log)).toEqual([]);
    }
  });
});

describeWithEngines(["promtool", "pushgateway", "python"], "what a runtime renders", () => {
  let expected: readonly ExposedFamily[];
  let rendered: RenderedDocument;
  let python: PythonParser;
  const from = Date.now() / 1000;
  beforeAll(() => {
    python = startPythonParser();
    const runtime = new MetricsRuntime({ namespace: "shop" });
    runtime.start();
    expected = exposedFamilies(scrapedMetrics(runtime).declared);
    rendered = renderedIn(runtime);
    runtime.shutdown();
  });
  afterAll(() => python?.stop());

  test("is nothing that promtool objects to", async () => {
    expect((await checkMetrics(decodedText(rendered.prometheus))).problems).toEqual([]);
  });

  test.each(["prometheus", "openmetrics"] as const)("is read strictly as %s", async (format) => {
    const names = new Set(own.map(({ name }) => name));
    const begun = { from, to: Date.now() / 1000 };
    await expectParsed(python, format, rendered[format], expected, { own: names, begun });
  });

  const PUSHED = ["prometheus", "protobuf"] as const;
  test.each(PUSHED)("is taken as %s by the Pushgateway, and kept as it is", async (format) => {
    const { url, stop } = await startPushgateway();
    onTestFinished(stop);
    const kept = await keptByPushgateway(url, format, rendered[format], ownSamples, python);
    expect(kept).toEqual(exposedSamples(expected, "prometheus"));
  });
});
