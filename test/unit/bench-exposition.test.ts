import { describe, expect, test } from "vitest";
import { watchLoop } from "../../bench/loop-watch.js";
import { judgeExpositions } from "../../bench/versus/exposition/claims.js";
import {
  EXPOSITION_MEASURES,
  type ExpositionCurves,
  type ExpositionMeasure,
} from "../../bench/versus/exposition/figures.js";
import { countProtobufSamples } from "../../bench/versus/exposition/protobuf-samples.js";
import { KINDS, SAMPLES, SERIES } from "../../bench/versus/exposition/subject.js";
import { OUR_TEXT, OUR_WAYS, PEER_WAYS } from "../../bench/versus/exposition/subjects.js";
import { expositionParts } from "../../bench/versus/exposition/tables.js";
import { countTextSamples } from "../../bench/versus/exposition/text-samples.js";
import { PEERS } from "../../bench/versus/operations.js";
import type { Point, Spread } from "../../bench/versus/scaling/points.js";
import { threeLabels } from "../../bench/versus/three-labels.js";

const one = (value: number): Spread => ({ median: value, min: value, max: value });

function point(
  subject: string,
  at: number,
  given: Partial<Record<ExpositionMeasure, Spread>>,
): Point<ExpositionMeasure> {
  const zeros = Object.fromEntries(EXPOSITION_MEASURES.map((measure) => [measure, one(0)]));
  return { subject, at, values: { ...zeros, ...given } as Record<ExpositionMeasure, Spread> };
}

function curves(...points: Point<ExpositionMeasure>[]): ExpositionCurves {
  const nothing = { points: [], leftOut: [] };
  return { counter: { points, leftOut: [] }, "histogram of 11 buckets": nothing };
}

describe("the samples in an exposition", () => {
  const text = [
    "# HELP bench_seconds bench_seconds_bucket{",
    "# TYPE bench_seconds histogram",
    'bench_seconds_bucket{route="a",le="1"} 0',
    'bench_seconds_bucket{route="a",le="+Inf"} 1',
    'bench_seconds_sum{route="a"} 1.5',
    'bench_seconds_count{route="a"} 1',
    'bench_seconds_created{route="a"} 1795438010.591',
    'bench_requests_total{route="a"} 1',
    'bench_requests_total_of_others{route="a"} 1',
    "metrics_runtime_renders_total 0",
    "",
  ].join("\n");

  test("are the lines of the two metrics, in a text as in its bytes", () => {
    expect(countTextSamples(text)).toBe(5);
    expect(countTextSamples(Buffer.from(text))).toBe(5);
  });

  test("of protobuf are a counter's value, and the buckets, the sum and the count of a histogram", () => {
    const field = (number: number, ...bytes: number[]) => [
      (number << 3) | 2,
      bytes.length,
      ...bytes,
    ];
    const family = (name: string, ...metrics: number[][]) => {
      const fields = [...field(1, ...Buffer.from(name)), 3 << 3, 4]; // a varint among them: the type
      const bytes = [...fields, ...metrics.flatMap((metric) => field(4, ...metric))];
      return [bytes.length, ...bytes];
    };
    const label = field(1, ...field(1, 97), ...field(2, 98));
    const double = [(1 << 3) | 1, 0, 0, 0, 0, 0, 0, 0, 64];
    const counter = [...label, ...field(3, ...double)];
    const histogram = [...label, ...field(7, 1 << 3, 130, 1, ...field(3), ...field(3, 1 << 3, 1))];
    const message = [
      ...family("bench_requests_total", counter, counter),
      ...family("bench_seconds", histogram),
      ...family("metrics_runtime_renders_total", counter),
    ];
    expect(countProtobufSamples(Uint8Array.from(message))).toBe(2 + 4);
    expect(() => countProtobufSamples(Uint8Array.of(200))).toThrow("a number without an end");
  });
});

test("each series has labels of its own", () => {
  const labelsOf = threeLabels(12_345);
  const all = Array.from({ length: 12_345 }, (_, index) => Object.values(labelsOf(index)).join());
  expect(new Set(all).size).toBe(12_345);
  expect(all[0]).toBe("method-0000,route-0000,shard-0000");
  expect(all[12_344]).toBe("method-0004,route-0034,shard-0012");
});

describe("the subjects", () => {
  test("are known by names of ours or of peers, and the compared one is there", () => {
    expect(OUR_WAYS).toHaveProperty(OUR_TEXT);
    for (const name of Object.keys(PEER_WAYS)) expect(PEERS).toHaveProperty(name);
  });

  test.each(KINDS)("of the kind %s have samples", (kind) => {
    expect(SAMPLES[kind]).toBeGreaterThan(0);
  });
});

describe("the claims about expositions", () => {
  test("are judged by the medians, with what the least of each say beside them", () => {
    const claims = judgeExpositions(
      curves(
        point(OUR_TEXT, 1_000, { wallMs: { median: 2, min: 1, max: 9 } }),
        point("prom-client", 1_000, { wallMs: { median: 8, min: 6, max: 9 } }),
        point(OUR_TEXT, 100_000, {
          wallMs: one(10),
          stallMs: { median: 2.5, min: 1.5, max: 3 },
          heldMs: one(0.3),
        }),
        point("prom-client", 100_000, { wallMs: one(50) }),
      ),
    );
    expect(claims.slice(0, 3)).toEqual([
      {
        text: "ours, longest stall, ms: 100000 of counter",
        limit: "at most 2",
        measured: 2.5,
        ofMinima: 1.5,
        reached: false,
      },
      {
        text: "ours, held up longest, ms: 100000 of counter",
        limit: "at most 2",
        measured: 0.3,
        ofMinima: 0.3,
        reached: true,
      },
      {
        text: "ours / prom-client, wall time: 1000 of counter",
        limit: "at most 0.2",
        measured: 0.25,
        ofMinima: 1 / 6,
        reached: false,
      },
    ]);
    expect(
      claims.find(({ text }) => text.endsWith("100000 of counter") && /wall/.test(text)),
    ).toMatchObject({ measured: 0.2, reached: true });
  });

  test("of what was not measured are not judged, and there is one for each kind and size", () => {
    const claims = judgeExpositions(curves());
    expect(claims).toHaveLength(2 + KINDS.length * SERIES.length);
    for (const { measured, reached } of claims) {
      expect([measured, reached]).toEqual([undefined, undefined]);
    }
  });
});

describe("the tables of the section exposition", () => {
  const figures = {
    curves: {
      ...curves(
        point(OUR_TEXT, 1_000, { wallMs: one(2), bytes: one(2 ** 20) }),
        point("prom-client", 1_000, { wallMs: { median: 25, min: 20, max: 30 } }),
      ),
      "histogram of 11 buckets": {
        points: [],
        leftOut: ["opentelemetry, 100000: left out (no end within 60 s)"],
      },
    },
    claims: [],
    serializer: { version: "1.2.3", engines: undefined },
  };

  test("a peer stands beside ours, with how many times as long it takes", () => {
    const text = expositionParts(figures).join("\n").replaceAll(/ +/g, " ");
    expect(text).toMatch(/^\| 1000 \| \*\*metrics-runtime, text\*\* \| 2 \| \| .* \| 1\.00 \|$/m);
    expect(text).toMatch(/^\| 1000 \| prom-client \| 25 \(20–30\) \| 12\.5 \|/m);
  });

  test("what was left out is said, and which serializer there was", () => {
    const text = expositionParts(figures).join("\n");
    expect(text).toContain(
      "- histogram of 11 buckets, opentelemetry, 100000: left out (no end within 60 s)",
    );
    expect(text).toContain("@opentelemetry/exporter-prometheus 1.2.3");
    expect(expositionParts({ ...figures, serializer: undefined }).join()).not.toContain("1.2.3");
  });
});

test("a loop that is held up sees for how long", async () => {
  const end = watchLoop();
  await new Promise((resolve) => setImmediate(resolve));
  for (const begin = performance.now(); performance.now() - begin < 30; );
  const { longestMs, longestHeldMs } = await end();
  expect(longestMs).toBeGreaterThanOrEqual(30);
  expect(longestHeldMs).toBeLessThanOrEqual(longestMs);
  expect(longestHeldMs).toBeGreaterThan(0);
});
