import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Engine, startEngine } from "../../scripts/engines/engine.mjs";
import { startPrometheus, warningsIn } from "../../scripts/engines/prometheus.mjs";
import { describeWithEngines } from "../support/engines/describe-with-engines.js";
import { PrometheusApi } from "../support/engines/prometheus-api.js";
import { pageOf } from "../support/markdown.js";

const ROOT = join(import.meta.dirname, "..", "..");
const { blocks: BLOCKS } = pageOf("docs/prometheus.md");
const RULES = join(ROOT, "examples", "prometheus", "rules.yml");

/** What a query of the page is for: one kind of histograms, or both. */
const QUERIES = BLOCKS.filter(({ language }) => language === "promql").map(
  ({ marks: [kind = ""], code }) => ({ kind, query: code.trimEnd() }),
);
const queriesFor = (kind: string) =>
  QUERIES.filter((query) => query.kind === kind || query.kind === "").map(({ query }) => query);

test("docs/prometheus.md shows one application", () => {
  expect(BLOCKS.filter(({ language }) => language === "js")).toHaveLength(1);
});

describeWithEngines(["prometheus"], "the application of docs/prometheus.md", () => {
  /** Inside the package, so that it finds it by its name, as a user's program does. */
  let folder: string;
  let application: Engine;
  let classic: Engine;
  let native: Engine;

  async function load(): Promise<void> {
    for (const path of ["/documents/1", "/documents/2", "/broken"]) {
      await (await fetch(application.url + path)).arrayBuffer();
    }
  }

  beforeAll(async () => {
    mkdirSync(join(ROOT, "out"), { recursive: true });
    folder = mkdtempSync(join(ROOT, "out", "doc-prometheus-"));
    const program = join(folder, "server.mjs");
    writeFileSync(program, BLOCKS.find(({ language }) => language === "js")?.code ?? "");
    application = await startEngine({
      name: "application",
      listening: /^\d+$/,
      readyPath: "/metrics",
      command: (_, address) => {
        const { port } = new URL(`http://${address}`);
        return ["env", `PORT=${port}`, process.execPath, program];
      },
    });
    await load();
    const { host } = new URL(application.url);
    const targets = [{ job: "storage", address: host }];
    [classic, native] = await Promise.all([
      startPrometheus({ targets, rules: [RULES] }),
      startPrometheus({ targets, rules: [RULES], nativeHistograms: true }),
    ]);
    // A rate needs a change between two scrapes.
    for (const { url } of [classic, native]) await new PrometheusApi(url).scraped("storage");
    await load();
    const loaded = Date.now() / 1000;
    for (const { url } of [classic, native]) {
      const scrape = await new PrometheusApi(url).scraped("storage", loaded);
      expect(scrape.up, JSON.stringify(await new PrometheusApi(url).targets())).toBe(true);
    }
  });
  afterAll(async () => {
    await Promise.all([application, classic, native].map((engine) => engine?.stop()));
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  async function expectAnswer(url: string, query: string): Promise<void> {
    const answer = await new PrometheusApi(url).query(query);
    expect(answer.length, query).toBeGreaterThan(0);
    for (const { value } of answer) expect(value, query).toBeGreaterThanOrEqual(0);
  }
  test.each(queriesFor("classic"))("answers, without the flag: %s", (query) =>
    expectAnswer(classic.url, query),
  );
  test.each(queriesFor("native"))("answers, with native histograms: %s", (query) =>
    expectAnswer(native.url, query),
  );

  test("has a third of its requests fail, which its alert sees", async () => {
    const api = new PrometheusApi(classic.url);
    const alerts = async () =>
      (await api.query("ALERTS")).map(({ labels }) => [labels.alertname, labels.alertstate]);
    const deadline = performance.now() + 5_000;
    while ((await alerts()).length === 0 && performance.now() < deadline) await delay(50);
    expect(await alerts()).toEqual([["StorageFailures", "pending"]]);
    expect(await api.number("job:storage_http_failures:ratio_rate5m")).toBeCloseTo(1 / 3);
  });

  test("leaves no warning in the logs of Prometheus", async () => {
    for (const engine of [classic, native]) {
      await engine.stop();
      expect(warningsIn(engine.log)).toEqual([]);
    }
  });
});
