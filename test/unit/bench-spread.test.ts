import { expect, test } from "vitest";
import { OPERATIONS, OURS } from "../../bench/versus/operations.js";
import type { Report } from "../../bench/versus/report.js";
import { spreadTables } from "../../bench/versus/spread.js";

const HEAD = { machine: "m", startedAt: "", rounds: 1, peers: [], skipped: [] };

function report(measured: number, percent: number, p99: number): Report {
  const spread = { median: p99, min: 0, max: 0 };
  const figure = { operation: OPERATIONS.counter, subject: OURS, median: percent, min: 0, p90: 0 };
  return {
    ...HEAD,
    cost: {
      nanoseconds: [figure, { ...figure, subject: "prom-client", median: 99 }],
      claims: [{ text: "a / b", limit: "at most 3", measured, ofMinima: 1, reached: true }],
      events: "",
    },
    cpu: { percentOfOneCore: [figure] },
    http: {
      generator: "g",
      requestsPerSecond: 1,
      warmUpSeconds: 1,
      windowSeconds: 1,
      figures: [
        { subject: "no metrics", p50Ms: spread, p99Ms: spread, p999Ms: spread, cpuUs: spread },
      ],
      verdicts: [],
      runs: [],
    },
  };
}

test("reports stand side by side, each value under its run", () => {
  const text = spreadTables([report(2.16, 0.14, 8.7), report(3.2, 0.2, 9.1)]).join("\n");
  const rows = text.split("\n").map((line) => line.replaceAll(/ +/g, " "));
  expect(rows).toContain("| a / b | at most 3 | 2.16 | 3.2 |");
  expect(rows).toContain(`| ${OPERATIONS.counter} | ${OURS} | 0.14 | 0.2 |`);
  expect(rows).toContain("| no metrics | p99, ms | 8.7 | 9.1 |");
  expect(text).not.toContain("prom-client");
});

test("what a run did not measure is left empty, and a section that nobody measured out", () => {
  const text = spreadTables([{ ...HEAD, cpu: report(1, 2, 3).cpu ?? never() }, HEAD]).join("\n");
  expect(text.replaceAll(/ +/g, " ")).toContain(`| ${OPERATIONS.counter} | ${OURS} | 2 | |`);
  expect(text).not.toContain("Claims");
  expect(spreadTables([HEAD])).toEqual([]);
});

function never(): never {
  throw new Error("it has one");
}
