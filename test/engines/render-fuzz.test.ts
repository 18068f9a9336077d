/**
 * Metrics from a seed, rendered in all formats and read back by all who can. For others, or for more:
 *
 *     METRICS_RUNTIME_FUZZ_SEED=7 METRICS_RUNTIME_FUZZ_ROUNDS=5000 npx vitest run test/engines/render-fuzz.test.ts
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../../scripts/engines/engine.mjs";
import { startPrometheus, warningsIn } from "../../scripts/engines/prometheus.mjs";
import { checkMetrics } from "../../scripts/engines/promtool.mjs";
import { startPushgateway } from "../../scripts/engines/pushgateway.mjs";
import { type PythonParser, startPythonParser } from "../../scripts/engines/python-parser.mjs";
import { describeWithEngines } from "../support/engines/describe-with-engines.js";
import { expectJson } from "../support/engines/expect-json.js";
import { expectParsed } from "../support/engines/expect-parsed.js";
import { expectProtobuf } from "../support/engines/expect-protobuf.js";
import type { ExposedFamily } from "../support/engines/exposed-families.js";
import { exposedSamples, LEAST_NATIVE_SCALE } from "../support/engines/exposed-samples.js";
import {
  type Exposition,
  type ExpositionServer,
  type ScrapedFormat,
  serveExpositions,
} from "../support/engines/exposition-server.js";
import { keptByPushgateway } from "../support/engines/kept-by-pushgateway.js";
import { ownFamilies, ownSampleNames } from "../support/engines/own-families.js";
import { PrometheusApi } from "../support/engines/prometheus-api.js";
import { type RandomDocument, randomDocument } from "../support/engines/random-document.js";
import { decodedText } from "../support/engines/rendered-document.js";
import { asScraped, scrapedSamples } from "../support/engines/scraped-samples.js";

const SEED = Number(process.env.METRICS_RUNTIME_FUZZ_SEED ?? 1);
const ROUNDS = Number(process.env.METRICS_RUNTIME_FUZZ_ROUNDS ?? 100);
/** Those that a program or an HTTP call of their own read. */
const STEP = 10;
const SCRAPED = Math.min(ROUNDS, 15);

const own = ownFamilies();
const ownNames = new Set(own.map(({ name }) => name));
const ownSamples = ownSampleNames(own);

/** What fails, says which document it was. */
async function withDocument(seed: number, act: (document: RandomDocument) => Promise<void> | void) {
  const document = randomDocument(seed, own);
  try {
    await act(document);
  } catch (error) {
    const again = `METRICS_RUNTIME_FUZZ_SEED=${seed} METRICS_RUNTIME_FUZZ_ROUNDS=1`;
    throw new Error(`${again}: ${(error as Error).message}`, { cause: error });
  }
  return document;
}

describeWithEngines(["python"], `metrics from the seeds ${SEED} to ${SEED + ROUNDS - 1}`, () => {
  let python: PythonParser;
  beforeAll(() => {
    python = startPythonParser();
  });
  afterAll(() => python?.stop());

  test(
    "are in all formats what was recorded, and registered unless a name is taken",
    async () => {
      let series = 0;
      let refused = 0;
      for (let seed = SEED; seed < SEED + ROUNDS; seed++) {
        const document = await withDocument(seed, async ({ rendered, expected, begun }) => {
          expectJson(rendered.json, expected, { own: ownNames, begun });
          expectProtobuf(rendered.protobuf, expected, { own: ownNames, begun });
          for (const format of ["prometheus", "openmetrics"] as const) {
            await expectParsed(python, format, rendered[format], expected, {
              own: ownNames,
              begun,
            });
          }
        });
        series += document.expected.reduce((sum, { series }) => sum + series.length, 0);
        refused += document.refused;
      }
      console.log(`seeds ${SEED} to ${SEED + ROUNDS - 1}: ${series} series, ${refused} refused`);
      if (ROUNDS < 100) return; // a few may have little of either
      expect(series / ROUNDS).toBeGreaterThan(5);
      expect(refused / ROUNDS).toBeGreaterThan(0.02);
    },
    20_000 + 200 * ROUNDS,
  );
});

/** Of the application's names and help texts, which come from the seed. */
const NAMES =
  /no help text$|snake_case|should not include|should not contain|(?:metrics|metric names) should not have/;

describeWithEngines(["promtool", "pushgateway", "python"], "some of them", () => {
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
  const seeds = Array.from({ length: Math.ceil(ROUNDS / STEP) }, (_, i) => SEED + i * STEP);
  const limit = 20_000 + 1_000 * seeds.length;

  test(
    "are read by promtool",
    async () => {
      for (const seed of seeds) {
        await withDocument(seed, async ({ rendered }) => {
          const { problems } = await checkMetrics(decodedText(rendered.prometheus));
          expect(problems.filter((problem) => !NAMES.test(problem))).toEqual([]);
        });
      }
    },
    limit,
  );

  test.each(["prometheus", "protobuf"] as const)(
    "are taken as %s by the Pushgateway, and kept as they are",
    async (format) => {
      for (const seed of seeds) {
        await withDocument(seed, async ({ rendered, expected }) => {
          const { url } = pushgateway;
          const kept = await keptByPushgateway(url, format, rendered[format], ownSamples, python);
          expect(kept).toEqual(exposedSamples(expected, "prometheus"));
        });
      }
    },
    limit,
  );
});

/**
 * A series whose scale no native histogram has, beside one that is native. Prometheus 2.42 takes every series of a
 * family for what the first one is, and loses the buckets.
 */
function isMixed({ series }: ExposedFamily): boolean {
  const scales = series.map(({ value }) =>
    typeof value === "object" && "scale" in value ? value.scale : 0,
  );
  return (
    scales.some((scale) => scale < LEAST_NATIVE_SCALE) && Math.max(...scales) >= LEAST_NATIVE_SCALE
  );
}

describeWithEngines(["prometheus"], "a few of them, scraped by Prometheus", () => {
  let server: ExpositionServer;
  let prometheus: Engine;
  let api: PrometheusApi;
  let documents: readonly RandomDocument[];
  const formats: readonly ScrapedFormat[] = ["prometheus", "openmetrics", "protobuf"];
  const jobOf = (format: string, { seed }: RandomDocument) => `${format}-${seed}`;

  beforeAll(async () => {
    const some = Array.from({ length: SCRAPED }, (_, i) => randomDocument(SEED + i, own));
    documents = some.filter(({ expected }) => !expected.some(isMixed));
    const expositions = documents.flatMap((document) =>
      formats.map((format): [string, Exposition] => [
        `/${jobOf(format, document)}`,
        { format, body: document.rendered[format] },
      ]),
    );
    server = await serveExpositions(new Map(expositions));
    prometheus = await startPrometheus({
      nativeHistograms: true,
      targets: expositions.map(([path]) => ({ job: path.slice(1), address: server.address, path })),
    });
    api = new PrometheusApi(prometheus.url);
  });
  afterAll(async () => {
    await prometheus?.stop();
    await server?.stop();
  });

  test.each(formats)("as %s, are what was recorded", async (format) => {
    for (const document of documents) {
      const job = jobOf(format, document);
      const { up, time, samples } = await api.scraped(job);
      const targets = (await api.targets()).filter((target) => target.job === job);
      expect(up, JSON.stringify(targets)).toBe(true);
      const exposed = await api.exposed(job, time);
      expect(samples, job).toBe(exposed.length);
      const { told } = asScraped(exposed, document.expected, format, ownSamples);
      expect(told, job).toEqual(scrapedSamples(exposedSamples(document.expected, format)));
    }
  });

  test("leave no warning in its log", async () => {
    await prometheus.stop();
    expect(warningsIn(prometheus.log)).toEqual([]);
  });
});
