/** Several reports of `bench:versus` side by side, as Markdown: how far runs lie apart. */
import { markdownTable } from "../markdown-table.js";
import { OURS } from "./operations.js";
import type { Report } from "./report.js";

/** One row: a name, what it is about, and a value of each run where that has one. */
type SpreadRow = readonly [name: string, of: string, values: readonly (number | undefined)[]];

export function spreadTables(reports: readonly Report[]): readonly string[] {
  const runs = reports.map((_, index) => `run ${index + 1}`);
  const table = (header: readonly string[], rows: readonly SpreadRow[]): string =>
    markdownTable(
      [...header, ...runs],
      rows.map(([name, of, values]) => [name, of, ...values.map(shortly)]),
    );
  const parts: string[] = [];
  const claims = claimRows(reports);
  if (claims.length > 0) parts.push("## Claims", table(["ratio", "claim"], claims));
  const cost = costRows(reports);
  if (cost.length > 0) parts.push("## Cost, ns", table(["operation", "who"], cost));
  const cpu = cpuRows(reports);
  if (cpu.length > 0)
    parts.push("## Processor time, % of a core", table(["operation", "who"], cpu));
  const http = httpRows(reports);
  if (http.length > 0) parts.push("## Under HTTP load", table(["who", "figure"], http));
  return parts;
}

/** By the rows of the first report. */
function claimRows(reports: readonly Report[]): readonly SpreadRow[] {
  const [first] = reports;
  return (first?.cost?.claims ?? []).map(({ text, limit }) => [
    text,
    limit,
    reports.map(({ cost }) => cost?.claims.find((claim) => claim.text === text)?.measured),
  ]);
}

function costRows(reports: readonly Report[]): readonly SpreadRow[] {
  const [first] = reports;
  const ours = (first?.cost?.nanoseconds ?? []).filter(({ subject }) => subject === OURS);
  return ours.map(({ operation }) => [
    operation,
    OURS,
    reports.map(({ cost }) => {
      const same = cost?.nanoseconds.find(
        (figure) => figure.operation === operation && figure.subject === OURS,
      );
      return same?.median;
    }),
  ]);
}

function cpuRows(reports: readonly Report[]): readonly SpreadRow[] {
  const [first] = reports;
  return (first?.cpu?.percentOfOneCore ?? []).map(({ operation, subject }) => [
    operation,
    subject,
    reports.map(({ cpu }) => {
      const same = cpu?.percentOfOneCore.find(
        (figure) => figure.operation === operation && figure.subject === subject,
      );
      return same?.median;
    }),
  ]);
}

const HTTP_FIGURES = [
  ["p50, ms", "p50Ms"],
  ["p99, ms", "p99Ms"],
  ["p99.9, ms", "p999Ms"],
  ["CPU, µs a request", "cpuUs"],
] as const;

function httpRows(reports: readonly Report[]): readonly SpreadRow[] {
  const figures = reports.map(({ http }) => (http && "figures" in http ? http.figures : []));
  const [first = []] = figures;
  return first.flatMap(({ subject }) =>
    HTTP_FIGURES.map(
      ([name, key]): SpreadRow => [
        subject,
        name,
        figures.map((run) => run.find((figure) => figure.subject === subject)?.[key].median),
      ],
    ),
  );
}

function shortly(value: number | undefined): string {
  return value === undefined ? "" : String(Number(value.toPrecision(3)));
}
