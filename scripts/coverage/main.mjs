// `npm run coverage`: which lines of native/ and of src/ the tests run, beside test/coverage/uncovered.json, which has a
// reason for each one that they do not. `-- --native-only`: native/core, by its native tests alone.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { failed, figure, root } from "../verify/command.mjs";
import { printFigures } from "./figures.mjs";
import { forgetV8Counts, libraryCoverage, v8Counts } from "./library.mjs";
import { compareWithList } from "./listed.mjs";
import * as native from "./native.mjs";
import { giveUp, out, perform, program, succeed } from "./processes.mjs";

/** Those that run what is measured, and not the published binaries. */
const PROJECTS = ["behaviour", "faults", "engines"];
const nativeOnly = process.argv.includes("--native-only");

/** @returns {Promise<string[]>} the tests that failed */
async function runVitest() {
  const report = join(out, "vitest.json");
  rmSync(report, { force: true });
  const config = ["--config", join(import.meta.dirname, "vitest.config.mjs")];
  const projects = PROJECTS.flatMap((project) => ["--project", project]);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const options = [...config, ...projects, ...reporters, "--testTimeout=80000"];
  const vitest = program("vitest/vitest.mjs", "run", ...options);
  const env = { NODE_V8_COVERAGE: v8Counts, METRICS_RUNTIME_TEST_PATIENCE: "4" };
  const { how } = await perform("vitest", vitest, env);
  if (!existsSync(report)) giveUp(`vitest: ${how}: see out/coverage/vitest.log`);
  return JSON.parse(readFileSync(report, "utf8")).testResults.flatMap(
    ({ name, status, assertionResults }) => {
      const file = relative(root, name);
      const tests = assertionResults.filter((test) => test.status === "failed");
      // A file that could not be loaded has no tests.
      if (tests.length === 0) return status === "failed" ? [file] : [];
      return tests.map(({ fullName }) => `${file}: ${fullName}`);
    },
  );
}

native.forgetCounts();
await native.buildNativeTests(nativeOnly ? ["core_test"] : ["core_test", "runtime_test"]);
const failedTests = await native.runNativeTests(nativeOnly ? "core/" : "");
if (!nativeOnly) {
  await succeed("build-library", ["npm", "run", "-s", "build:library"]);
  await succeed("build-programs", ["npm", "run", "-s", "build:programs"]);
  await native.buildAddons();
  forgetV8Counts();
  failedTests.push(...(await runVitest()));
  native.gatherCounts();
}

const files = await native.nativeCoverage(nativeOnly);
printFigures("native", files);
if (!nativeOnly) {
  const library = await libraryCoverage();
  printFigures("TypeScript", library);
  files.push(...library);
}
const { missed, problems } = compareWithList(files, nativeOnly ? "native/core/" : "");
figure("coverage", "lines that do not run, each listed with its reason", missed);
for (const name of failedTests) failed("coverage", name);
for (const problem of problems) failed("coverage", problem);
