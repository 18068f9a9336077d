/** The native benchmark programs (native/bench), and what they measure of themselves. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export const PROGRAMS = ["drain_bench", "snapshot_bench", "render_bench"] as const;
export type Program = (typeof PROGRAMS)[number];

const REPETITIONS = 9;

const run = promisify(execFile);

interface Report {
  readonly benchmarks: readonly {
    readonly run_name: string;
    readonly aggregate_name?: string;
    readonly items: number;
    readonly seconds_per_item: number;
  }[];
}

/** @param build the folder that CMake built in */
export function pathOf(build: string, program: Program): string {
  return join(build, "native", "bench", program);
}

/**
 * Medians by the name of the benchmark, nanoseconds for one item: an event, a series. All of a program in
 * one run, in random order; told in the order of the program.
 */
export async function measureNanoseconds(path: string): Promise<ReadonlyMap<string, number>> {
  const listed = await run(path, ["--benchmark_list_tests=true"]);
  const names = listed.stdout.trim().split("\n").map(nameOf);
  const { stdout } = await run(path, [
    "--benchmark_format=json",
    "--benchmark_enable_random_interleaving=true",
    `--benchmark_repetitions=${REPETITIONS}`,
    "--benchmark_report_aggregates_only=true",
    "--benchmark_min_time=0.02",
  ]);
  const medians = new Map(
    benchmarksOf(stdout)
      .filter(({ aggregate_name }) => aggregate_name === "median")
      .map(({ run_name, seconds_per_item }) => [nameOf(run_name), 1e9 * seconds_per_item]),
  );
  return new Map(names.map((name) => [name, medians.get(name) ?? Number.NaN]));
}

/** What one iteration of each benchmark consists of, from the report of a run. */
export function itemsOf(report: string): ReadonlyMap<string, number> {
  return new Map(benchmarksOf(report).map(({ run_name, items }) => [nameOf(run_name), items]));
}

function benchmarksOf(report: string): Report["benchmarks"] {
  return (JSON.parse(report) as Report).benchmarks;
}

/** Without what Google Benchmark adds to the name: how it was timed, and how often. */
function nameOf(benchmark: string): string {
  return benchmark.replace(/\/iterations:\d+/, "").replace("/manual_time", "");
}
