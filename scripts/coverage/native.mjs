// Which lines of native/{core,runtime,binding} run: gcov's counts of three builds (the native tests, the addon, the addon
// with fault points) as gcovr adds them up. A process writes its counts when it exits, so those of one that dies by a
// signal are lost.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { root } from "../verify/command.mjs";
import { out, perform, program, succeed } from "./processes.mjs";

const nativeTests = join(out, "native-tests");
/** Where the two addons are, as METRICS_RUNTIME_PREBUILD takes it. */
export const addon = join(out, "addon");
export const faultPoints = join(out, "fault-points");

/** What processes of vitest have counted: a folder of each test file, in which the whole path of each file is repeated. */
export const counts = join(out, "counts");

const JOBS = String(availableParallelism());

/** @param {readonly string[]} targets */
export async function buildNativeTests(targets) {
  const options = ["-DMETRICS_RUNTIME_NATIVE_TESTS=ON", "-DMETRICS_RUNTIME_COVERAGE=ON"];
  await succeed("configure", ["cmake", "-S", root, "-B", nativeTests, ...options]);
  const build = ["cmake", "--build", nativeTests, "--parallel", JOBS, "--target", ...targets];
  await succeed("build-native-tests", build);
}

export async function buildAddons() {
  const build = (name, folder, ...options) => {
    const args = ["build", "--out", join(folder, "build"), "--CDMETRICS_RUNTIME_COVERAGE=ON"];
    const cmakeJs = program("cmake-js/bin/cmake-js", ...args, ...options);
    return succeed(name, cmakeJs, { CMAKE_BUILD_PARALLEL_LEVEL: JOBS });
  };
  await build("build-addon", addon);
  await build("build-fault-points", faultPoints, "--CDMETRICS_RUNTIME_FAULT_POINTS=ON");
}

/** Forgets what ran before. */
export function forgetCounts() {
  rmSync(counts, { recursive: true, force: true });
  for (const file of [nativeTests, addon, faultPoints].flatMap(countsIn)) rmSync(file);
}

/** What gcov has written there. @param {string} folder */
function countsIn(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".gcda")).map((file) => join(folder, file));
}

/** The native tests, those whose names begin so. @param {string} prefix @returns {Promise<string[]>} what failed */
export async function runNativeTests(prefix) {
  const ctest = ["ctest", "--test-dir", nativeTests, "-R", `^${prefix}`, "--parallel", JOBS];
  const { lines } = await perform("native-tests", ctest);
  return lines.flatMap((line) => {
    const [, name] = /^\t\s*\d+ - (.*) \(.*\)/.exec(line) ?? [];
    return name === undefined ? [] : [`native test: ${name}`];
  });
}

/** Adds up what vitest's processes have counted, and puts it where gcovr looks. */
export function gatherCounts() {
  // Of processes that were not told of a folder.
  const others = join(counts, "others");
  for (const file of [addon, faultPoints].flatMap(countsIn)) cpSync(file, join(others, file));
  const folders = readdirSync(counts).map((folder) => join(counts, folder));
  // gcov-tool takes no folder that is empty.
  const sum = folders
    .filter((folder) => countsIn(folder).length > 0)
    .reduce((before, folder) => {
      const both = `${folder}-and-before`;
      execFileSync("gcov-tool", ["merge", before, folder, "--output", both]);
      return both;
    });
  cpSync(join(sum, out), out, { recursive: true });
}

/**
 * What the native tests alone have run of native/core, or all of them of all that is ours.
 * @param {boolean} coreAlone
 * @returns {Promise<import("./figures.mjs").CoveredFile[]>}
 */
export async function nativeCoverage(coreAlone) {
  const report = join(out, "native.json");
  // Not the other objects that an earlier build has left there.
  const ofCore = ["metrics_runtime_core", "metrics_runtime_test_support", "core_test"].map((name) =>
    join(nativeTests, "native", "test", "CMakeFiles", `${name}.dir`),
  );
  const folders = coreAlone ? ofCore : [nativeTests, addon, faultPoints];
  const layers = coreAlone ? ["core"] : ["core", "runtime", "binding"];
  await succeed("gcovr", [
    ...["gcovr", "--root", root, "--json", report, "-j", JOBS, "--exclude-throw-branches"],
    ...layers.flatMap((layer) => ["--filter", `native/${layer}/`]),
    ...folders,
  ]);
  return JSON.parse(readFileSync(report, "utf8")).files.map(({ file, lines, functions }) => {
    const code = lines.filter((line) => !line["gcovr/noncode"]);
    return {
      file,
      lines: new Map(code.map((line) => [line.line_number, line.count])),
      branches: code.flatMap((line) => line.branches.map(({ count }) => count)),
      functions: functions.map((each) => each.execution_count),
    };
  });
}
