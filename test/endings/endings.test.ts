/**
 * Every way to end × every state in which the end can find the library × the thread: a program each,
 * with and without the library. `METRICS_RUNTIME_NODES` names further Node binaries (separated as in
 * PATH); `METRICS_RUNTIME_ENDINGS_PAGE` the page that gets the table of results.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { builtAddon } from "../support/built-addon.js";
import { CELLS } from "./matrix.js";
import { type Result, writeReport } from "./report.js";
import { limited, runCell } from "./run-cell.js";

const ROOT = join(import.meta.dirname, "..", "..");
const NODES = [process.execPath, ...(process.env.METRICS_RUNTIME_NODES ?? "").split(delimiter)]
  .filter((node) => node !== "")
  .map((node) => [versionOf(node), node] as const);
/** They wait for each other, two at a time. */
const LIMIT_MS = 300_000 * NODES.length;

const folder = mkdtempSync(join(tmpdir(), "metrics-runtime-endings-"));
const cwd = join(folder, "cwd");
mkdirSync(cwd);
const copies = ["one", "two"].map((name) => join(folder, name));
for (const copy of copies) makePackage(copy);

const run = limited(2);
const results = new Map<string, Result[]>(NODES.map(([version]) => [version, []]));

afterAll(() => {
  const page = process.env.METRICS_RUNTIME_ENDINGS_PAGE;
  if (page !== undefined) writeReport(page, results);
  rmSync(folder, { recursive: true, force: true });
});

describe.each(NODES)(
  "a program ends as it would without the library, on Node %s:",
  (version, node) => {
    const surroundings = { node, cwd, copies };
    const cells = CELLS.map((cell) => [cell.way.name, cell.where, cell.state, cell] as const);

    test.concurrent.each(cells)(
      "%s of %s, %s",
      async (_name, where, _state, cell) => {
        await run(async () => {
          const without = await runCell(cell, "without", surroundings);
          const timed = await runCell(cell, "with", surroundings).catch((error: Error) => error);
          const ended = timed instanceof Error ? undefined : timed;
          const asWithout = JSON.stringify(ended?.end) === JSON.stringify(without.end);
          results.get(version)?.push({ cell, timed: ended, asWithout });
          if (timed instanceof Error) throw timed;
          expect(timed.end).toEqual(without.end);
          expect(timed.end.signal ?? timed.end.code).toBe(cell.way.ends[where]);
          if (timed.end.code !== 1) expect(timed.end.stderr).toBe("");
        });
      },
      LIMIT_MS,
    );
  },
);

test("none of them leaves a file", () => {
  expect(readdirSync(cwd)).toEqual([]);
});

function versionOf(node: string): string {
  return execFileSync(node, ["--version"], { encoding: "utf8", timeout: 10_000 }).trim().slice(1);
}

/** As installed, with an addon of its own. */
function makePackage(copy: string): void {
  for (const part of ["dist", "package.json"]) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  cpSync(builtAddon(), join(copy, "build", "Release", "metrics_runtime.node"));
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "junction");
}
