/**
 * `npm run bench:native [-- --no-instructions]`: what the runtime thread pays for one event, by
 * aggregation and number of series, in nanoseconds (native/bench/drain_bench.cc) and, where valgrind
 * is installed, in instructions.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { describeMachine } from "./machine.js";
import { markdownTable } from "./markdown-table.js";

const PROGRAM = join("out", "native-bench", "native", "bench", "drain_bench");
const CASES = ["one", "by 1", "by 10", "by 2000", "overflow"] as const;
const REPETITIONS = 9;
/** As in the program. */
const EVENTS_PER_DRAIN = 8192;
const COUNTED_DRAINS = 4;

const run = promisify(execFile);

interface Report {
  readonly benchmarks: readonly {
    readonly run_name: string;
    readonly aggregate_name: string;
    readonly seconds_per_event: number;
  }[];
}

/** The names of all benchmarks, `<aggregation>/<case>`. */
async function listNames(): Promise<string[]> {
  const { stdout } = await run(PROGRAM, ["--benchmark_list_tests=true"]);
  return stdout.trim().split("\n").map(nameOf);
}

function nameOf(benchmark: string): string {
  return benchmark.replace("/manual_time", "");
}

/** Medians by name; all cases of all aggregations in one run, in random order. */
async function nanoseconds(): Promise<Map<string, number>> {
  const { stdout } = await run(PROGRAM, [
    "--benchmark_format=json",
    "--benchmark_enable_random_interleaving=true",
    `--benchmark_repetitions=${REPETITIONS}`,
    "--benchmark_report_aggregates_only=true",
    "--benchmark_min_time=0.02",
  ]);
  const report = JSON.parse(stdout) as Report;
  const medians = report.benchmarks.filter(({ aggregate_name }) => aggregate_name === "median");
  return new Map(
    medians.map(({ run_name, seconds_per_event }) => [nameOf(run_name), 1e9 * seconds_per_event]),
  );
}

async function instructions(name: string): Promise<number> {
  const { stderr } = await run("valgrind", [
    "--tool=callgrind",
    "--collect-atstart=no",
    "--callgrind-out-file=/dev/null",
    PROGRAM,
    `--fixed-iterations=${COUNTED_DRAINS}`,
    `--benchmark_filter=^${name}/`,
  ]);
  const collected = /Collected : (\d+)/.exec(stderr)?.[1];
  if (collected === undefined)
    throw new Error(`callgrind collected nothing for ${name}: ${stderr}`);
  return Number(collected) / (COUNTED_DRAINS * EVENTS_PER_DRAIN);
}

async function hasValgrind(): Promise<boolean> {
  return run("valgrind", ["--version"]).then(
    () => true,
    () => false,
  );
}

function tableOf(
  names: readonly string[],
  figures: ReadonlyMap<string, number>,
  digits: number,
): string {
  const aggregations = new Set(names.map((name) => name.split("/")[0] ?? name));
  return markdownTable(
    ["aggregation", "one series", ...CASES.slice(1)],
    [...aggregations].map((aggregation) => [
      aggregation,
      ...CASES.map((each) => figures.get(`${aggregation}/${each}`)?.toFixed(digits) ?? ""),
    ]),
  );
}

try {
  const { values } = parseArgs({ options: { "no-instructions": { type: "boolean" } } });
  console.log(describeMachine());
  const names = await listNames();
  const ns = tableOf(names, await nanoseconds(), 1);
  console.log(`\n## Nanoseconds per event, median of ${REPETITIONS}\n\n${ns}`);
  if (values["no-instructions"] !== true && (await hasValgrind())) {
    const counted = new Map<string, number>();
    for (const name of names) counted.set(name, await instructions(name));
    console.log(`\n## Instructions per event (callgrind)\n\n${tableOf(names, counted, 0)}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
