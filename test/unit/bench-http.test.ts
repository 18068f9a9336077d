import { describe, expect, test } from "vitest";
import { figuresOf, type HttpRun, spreadOf } from "../../bench/versus/http/figures.js";
import { latencyOf, readLoad } from "../../bench/versus/http/load-reading.js";
import {
  HTTP_ROUNDS,
  httpSubjects,
  inRotation,
  NO_METRICS,
  OUR_EVENTS,
  OUR_INSTRUMENTS,
  OUR_WAYS,
} from "../../bench/versus/http/plan.js";
import {
  failureLines,
  generatorTable,
  latencyTable,
  latenessLine,
  verdictLines,
} from "../../bench/versus/http/report.js";
import { requestAt } from "../../bench/versus/http/request-mix.js";
import { answer, ROUTES, routeOf } from "../../bench/versus/http/routes.js";
import { faultsOf } from "../../bench/versus/http/tally.js";
import { verdictsOn } from "../../bench/versus/http/verdict.js";
import { PEER_NAMES } from "../../bench/versus/operations.js";

const NO_LATENCY = { p50: 0, p99: 0, p999: 0, max: 0 };

function run(subject: string, p99: number, cpuUsPerRequest: number, late = 0): HttpRun {
  return {
    subject,
    load: {
      asked: 100,
      sentInTime: 99,
      failed: 1,
      reasons: ["reset"],
      fromDue: { p50: p99 / 4, p99, p999: p99 * 2, max: p99 * 3 },
      fromSent: NO_LATENCY,
      lag: { ...NO_LATENCY, p99: late, max: 2 * late },
    },
    cpuUsPerRequest,
    served: 130,
  };
}

const RUNS = [
  run(NO_METRICS, 4, 100),
  run(OUR_EVENTS, 6, 104),
  run(OUR_EVENTS, 5, 103),
  run(NO_METRICS, 6, 102),
  run(NO_METRICS, 5, 110),
  run(OUR_EVENTS, 15, 120),
];

describe("the subjects of the http section", () => {
  test("are those that have labels, the peers among them as chosen", () => {
    expect(httpSubjects(PEER_NAMES)).toEqual([
      NO_METRICS,
      OUR_INSTRUMENTS,
      OUR_EVENTS,
      "prom-client",
      "prometheus-io",
      "opentelemetry",
      "hot-shots",
    ]);
    expect(httpSubjects(["hot-shots"])).toEqual([NO_METRICS, ...OUR_WAYS, "hot-shots"]);
  });

  test.each([3, 4, 5, 7])(
    "%i of them: each once in a round, in another place each time",
    (count) => {
      const subjects = Array.from({ length: count }, (_, index) => `subject ${index}`);
      const rounds = Array.from({ length: HTTP_ROUNDS }, (_, round) => inRotation(subjects, round));
      for (const order of rounds) expect([...order].sort()).toEqual(subjects);
      const places = new Set(rounds.map((order) => order.indexOf("subject 0")));
      expect(places.size).toBe(HTTP_ROUNDS);
    },
  );
});

describe("the service", () => {
  test("gives each planned request the status that is expected, on every route but one", () => {
    const routes = new Set<string>();
    for (let index = 0; index < 22; index++) {
      const { method, path, body = "", status } = requestAt(index);
      routes.add(routeOf(path));
      expect(answer(method, routeOf(path), path, body).status).toBe(status);
    }
    expect([...routes].sort()).toEqual(ROUTES.filter((route) => route !== "unmatched"));
  });

  test("has nothing elsewhere, and takes no other method", () => {
    expect(answer("GET", routeOf("/nowhere"), "/nowhere", "").status).toBe(404);
    expect(answer("GET", routeOf("/orders"), "/orders", "").status).toBe(404);
    expect(answer("OTHER", routeOf("/health"), "/health", "").status).toBe(404);
  });
});

describe("the reading of the load", () => {
  /** 1 000 a second, the first at 100; two of warm-up. */
  const read = (lateMs: readonly number[], tookMs: readonly number[], failed = 0) => {
    const reasons = failed === 0 ? [] : ["reset"];
    const sentAtMs = Float64Array.from(lateMs, (late, i) => 100 + i + late);
    const answeredAtMs = sentAtMs.map((at, i) => at + (tookMs[i] ?? Number.NaN));
    return readLoad({ sentAtMs, answeredAtMs }, 1_000, 2, { failed, reasons });
  };

  test("measures from when a request was due: what was sent late took longer", () => {
    const { asked, sentInTime, fromDue, fromSent, lag } = read([0, 0, 0, 5, 1], [9, 9, 2, 2, 2]);
    expect({ asked, sentInTime }).toEqual({ asked: 3, sentInTime: 1 });
    expect(fromDue).toEqual({ p50: 3, p99: 7, p999: 7, max: 7 });
    expect(fromSent).toEqual({ p50: 2, p99: 2, p999: 2, max: 2 });
    expect(lag).toMatchObject({ p50: 1, max: 5 });
  });

  test("takes no request for sent too early: the schedule begins with the earliest", () => {
    const { lag, fromDue } = read([3, 3, 3, 1, 3], [2, 2, 2, 2, 2]);
    expect(lag).toMatchObject({ p50: 2, max: 2 });
    expect(fromDue.max).toBe(4);
  });

  test("leaves out what was not answered, and hands on how many failed", () => {
    const { fromDue, failed, reasons, asked } = read([0, 0, 0, 0, 0], [1, 1, 1, 7, Number.NaN], 1);
    expect(fromDue.max).toBe(7);
    expect({ failed, reasons, asked }).toEqual({ failed: 1, reasons: ["reset"], asked: 3 });
  });

  test("counts what was never sent as asked for, and as nothing else", () => {
    const { asked, sentInTime, lag, fromDue } = read([0, 0, 1, 0, Number.NaN], [1, 1, 1, 1, 1]);
    expect({ asked, sentInTime }).toEqual({ asked: 3, sentInTime: 2 });
    expect(lag).toMatchObject({ p50: 1, max: 1 });
    expect(fromDue.max).toBe(2);
  });

  test("has percentiles of the samples themselves", () => {
    const samples = Array.from({ length: 10_000 }, (_, index) => (index * 7_919) % 10_000);
    expect(latencyOf(samples)).toEqual({ p50: 5_000, p99: 9_900, p999: 9_990, max: 9_999 });
  });
});

describe("the figures of the http section", () => {
  test("are medians over the rounds, beside the least and the greatest", () => {
    expect(spreadOf([7, 1, 3])).toEqual({ median: 3, min: 1, max: 7 });
  });

  test("are compared with no metrics by the medians", () => {
    const [nothing, ours] = figuresOf([NO_METRICS, OUR_EVENTS], RUNS);
    expect(nothing).toEqual({
      subject: NO_METRICS,
      p50Ms: { median: 1.25, min: 1, max: 1.5 },
      p99Ms: { median: 5, min: 4, max: 6 },
      p999Ms: { median: 10, min: 8, max: 12 },
      cpuUs: { median: 102, min: 100, max: 110 },
    });
    expect(ours).toMatchObject({
      p99Ms: { median: 6, min: 5, max: 15 },
      p99OverNoMetrics: 1.2,
      cpuUsOverNoMetrics: 2,
    });
  });

  test("stand in a table, ours marked", () => {
    const table = latencyTable(figuresOf([NO_METRICS, OUR_EVENTS], RUNS));
    expect(table).toMatch(
      /\| no metrics .*\| 5\.00 \(4\.00–6\.00\).*\| 102 \(100–110\) +\| +\| +\|/,
    );
    expect(table).toMatch(/\| \*\*metrics-runtime, events\*\* .*\| 1\.20 +\| 2\.0 +\|/);
  });
});

describe("the verdict", () => {
  const judge = (ours: number, noise: readonly number[]) => {
    const runs = [run(OUR_EVENTS, ours, 1), ...noise.map((p99) => run(NO_METRICS, p99, 1))];
    const subjects = noise.length > 0 ? [NO_METRICS, OUR_EVENTS] : [OUR_EVENTS];
    return verdictsOn(OUR_WAYS, figuresOf(subjects, runs));
  };

  test.each([
    [3.9, "below"],
    [4, "within"],
    [5, "within"],
    [6, "within"],
    [6.1, "above"],
    [Number.NaN, "above"],
  ])("a p99 of %d lies %s what no metrics had, 4 … 6", (p99, place) => {
    expect(judge(p99, [5, 4, 6])).toEqual([
      { subject: OUR_EVENTS, p99Ms: p99, noMetricsP99Ms: { median: 5, min: 4, max: 6 }, place },
    ]);
  });

  test("says its figures and what the noise is", () => {
    const said = verdictLines(judge(6.1, [5, 4, 6]));
    for (const part of [OUR_EVENTS, "6.10 ms", "above the noise", "4.00–6.00 ms", NO_METRICS]) {
      expect(said).toContain(part);
    }
  });

  test("is only on us, and none without no metrics", () => {
    const figures = figuresOf([NO_METRICS, "prom-client"], [...RUNS, run("prom-client", 5, 1)]);
    expect(verdictsOn(OUR_WAYS, figures)).toEqual([]);
    expect(judge(5, [])).toEqual([]);
  });
});

describe("the load generator", () => {
  test("is said to have been late where it was", () => {
    expect(latenessLine([run(NO_METRICS, 5, 1, 5)])).toContain("0 of 1 runs.");
    expect(latenessLine([run(NO_METRICS, 5, 1, 5.1), run(NO_METRICS, 5, 1, 0)])).toContain(
      "1 of 2 runs: in those",
    );
  });

  test("has a row for each subject, counts of all rounds and the greatest lateness", () => {
    const runs = [run(OUR_EVENTS, 1, 1, 3), run(OUR_EVENTS, 1, 1, 7), run(OUR_EVENTS, 1, 1, 4)];
    expect(generatorTable([OUR_EVENTS], runs)).toMatch(
      /events \| 300 +\| 297 .*\| 4\.00 \(3\.00–7\.00\) \| 14\.0 .*\| 3 +\|/,
    );
  });
});

test("failed requests are said with their reasons, and nothing where there are none", () => {
  expect(failureLines(RUNS.slice(0, 1))).toBe("- no metrics: failed 1 of a run (reset)");
  expect(failureLines([])).toBe("");
});

describe("the tally", () => {
  const right = { requests: 9, durations: 9, sizes: 9, inFlight: 0, lost: 0 };

  test("is right when every request was counted by each of the five", () => {
    expect(faultsOf(right, 9)).toEqual([]);
  });

  test("is wrong by whatever differs", () => {
    expect(faultsOf(right, 10)).toHaveLength(3);
    expect(faultsOf({ ...right, inFlight: 1 }, 9)).toEqual(["inFlight: 1 instead of 0"]);
    expect(faultsOf({ ...right, sizes: 8 }, 9)).toEqual(["sizes: 8 instead of 9"]);
  });

  test("expects nothing where something was lost and counted as lost", () => {
    expect(faultsOf({ ...right, requests: 7, lost: 2 }, 9)).toEqual([]);
  });
});
