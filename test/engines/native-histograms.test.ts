import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../../scripts/engines/engine.mjs";
import { startPrometheus, warningsIn } from "../../scripts/engines/prometheus.mjs";
import { describeWithEngines } from "../support/engines/describe-with-engines.js";
import {
  type Exposition,
  type ExpositionServer,
  serveExpositions,
} from "../support/engines/exposition-server.js";
import { PrometheusApi } from "../support/engines/prometheus-api.js";
import { encodeFamilies, type ProtobufHistogram } from "../support/engines/protobuf.js";

/** Schema 0: bucket i is (2^(i-1), 2^i]. Two spans with a gap, both signs, zeros. */
const BOTH_SIGNS: ProtobufHistogram = {
  count: 13,
  sum: 21.5,
  native: {
    schema: 0,
    zeroThreshold: 1e-128,
    zeroCount: 2,
    positive: {
      spans: [
        [-1, 2],
        [2, 1],
      ],
      counts: [1, 4, 3],
    },
    negative: { spans: [[1, 2]], counts: [2, 1] },
  },
};
/** Schema 3, values of one bucket alone. */
const ONE_BUCKET: ProtobufHistogram = {
  count: 100,
  sum: 110,
  native: {
    schema: 3,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: { spans: [[2, 1]], counts: [100] },
  },
};
/** No value yet; a span of nothing says that it is a native one. */
const EMPTY: ProtobufHistogram = {
  count: 0,
  sum: 0,
  native: { schema: 3, zeroThreshold: 0, zeroCount: 0, positive: { spans: [[0, 0]], counts: [] } },
};

describeWithEngines(["prometheus"], "Prometheus with native histograms", () => {
  let server: ExpositionServer;
  let prometheus: Engine;
  let api: PrometheusApi;
  let time: number;
  const expositions = new Map<string, Exposition>();
  const expose = (oneBucket: ProtobufHistogram): void => {
    const metrics = [
      { labels: { of: "both signs" }, histogram: BOTH_SIGNS },
      { labels: { of: "one bucket" }, histogram: oneBucket },
      { labels: { of: "nothing" }, histogram: EMPTY },
    ];
    const body = encodeFamilies([{ name: "seconds", help: "Time.", type: "histogram", metrics }]);
    expositions.set("/metrics", { format: "protobuf", body });
  };

  beforeAll(async () => {
    expose(ONE_BUCKET);
    server = await serveExpositions(expositions);
    const targets = [{ job: "native", address: server.address }];
    prometheus = await startPrometheus({ targets, nativeHistograms: true });
    api = new PrometheusApi(prometheus.url);
    const scrape = await api.scraped("native");
    expect(scrape).toMatchObject({ up: true, samples: 3 });
    time = scrape.time;
  });
  afterAll(async () => {
    await prometheus?.stop();
    await server?.stop();
  });

  test.each([
    ["both signs", 13, 21.5],
    ["one bucket", 100, 110],
    ["nothing", 0, 0],
  ])("has count and sum of %s", async (of, count, sum) => {
    expect(await api.number(`histogram_count(seconds{of="${of}"})`, time)).toBe(count);
    expect(await api.number(`histogram_sum(seconds{of="${of}"})`, time)).toBe(sum);
  });

  test("has every bucket, in their order", async () => {
    const [sample] = await api.query('seconds{of="both signs"}', time);
    expect(sample?.histogram).toEqual({
      count: 13,
      sum: 21.5,
      buckets: [
        { boundaries: 1, lower: -4, upper: -2, count: 1 },
        { boundaries: 1, lower: -2, upper: -1, count: 2 },
        { boundaries: 3, lower: -1e-128, upper: 1e-128, count: 2 },
        { boundaries: 0, lower: 0.25, upper: 0.5, count: 1 },
        { boundaries: 0, lower: 0.5, upper: 1, count: 4 },
        { boundaries: 0, lower: 4, upper: 8, count: 3 },
      ],
    });
  });

  test("estimates quantiles within the bucket that they are in", async () => {
    const median = await api.number('histogram_quantile(0.5, seconds{of="one bucket"})', time);
    expect(median).toBeGreaterThan(2 ** (1 / 8));
    expect(median).toBeLessThanOrEqual(2 ** (2 / 8));
    const high = await api.number('histogram_quantile(0.95, seconds{of="both signs"})', time);
    expect(high).toBeGreaterThan(4);
    expect(high).toBeLessThanOrEqual(8);
    expect(await api.number('histogram_quantile(0.5, seconds{of="nothing"})', time)).toBeNaN();
  });

  test("takes rates of what has grown in a bucket that was not there before", async () => {
    expose({
      count: 150,
      sum: 310,
      native: {
        schema: 3,
        zeroThreshold: 0,
        zeroCount: 0,
        // (2^1, 2^(9/8)], beside the 100 in (2^(1/8), 2^(2/8)].
        positive: {
          spans: [
            [2, 1],
            [6, 1],
          ],
          counts: [100, 50],
        },
      },
    });
    const { time: later } = await api.scraped("native", Date.now() / 1000);
    const rates = 'sum(rate(seconds{of="one bucket"}[1m]))';
    const mean = `histogram_sum(${rates}) / histogram_count(${rates})`;
    expect(await api.number(mean, later)).toBeCloseTo((310 - 110) / 50);
    const quantile = await api.number(`histogram_quantile(0.99, ${rates})`, later);
    expect(quantile).toBeGreaterThan(2);
    expect(quantile).toBeLessThanOrEqual(2 ** (9 / 8));
  });

  test("does so without a warning in its log", async () => {
    await prometheus.stop();
    expect(warningsIn(prometheus.log)).toEqual([]);
  });
});
