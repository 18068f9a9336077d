// `npm run lint:native [-- native/core …]`: clang-tidy with the checks of .clang-tidy over what is ours of the
// addon and of its build with fault points, or the part of it whose paths begin so. The native tests and the fuzzers are
// left out: what they get wrong fails them.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";

const root = join(import.meta.dirname, "..");
const out = join(root, "out", "clang-tidy");
const FOLDERS = ["core", "runtime", "binding", "portability", "test/fault_points"].map(
  (folder) => `native/${folder}/`,
);
const wanted = process.argv.slice(2);
const LIMIT_MS = 60 * 60_000;

/** Ends with `FAILED clang-tidy: …` for each problem. */
function fail(...problems) {
  for (const problem of problems) console.error(`FAILED clang-tidy: ${problem}`);
  process.exit(1);
}

function run(command, args) {
  const options = { cwd: root, encoding: "utf8", maxBuffer: 2 ** 30, timeout: LIMIT_MS };
  return spawnSync(command, args, options);
}

/** The compile commands of a build, which is configured for them and not made. */
function commandsOf(name, command, ...args) {
  const folder = join(out, name);
  const { status, stdout, stderr } = run(command, args.concat(folder));
  if (status !== 0) fail(`no compile commands of ${name}: ${stderr || stdout}`);
  return JSON.parse(readFileSync(join(folder, "compile_commands.json"), "utf8"));
}

function allCommands() {
  const cmakeJs = join(root, "node_modules", "cmake-js", "bin", "cmake-js");
  const faultPoints = "--CDMETRICS_RUNTIME_FAULT_POINTS=ON";
  return [
    ...commandsOf("addon", process.execPath, cmakeJs, "configure", "--out"),
    ...commandsOf("fault-points", process.execPath, cmakeJs, "configure", faultPoints, "--out"),
    // Compiled by the distribution build alone, which makes no list.
    ...namesIn("native/portability/")
      .filter((file) => file.endsWith(".cc"))
      .map((file) => ({
        directory: root,
        file: join(root, file),
        command: `c++ -std=c++20 -c ${file}`,
      })),
  ];
}

function namesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** Of each source that is asked for the first command there is: the addon's. */
function chosen(commands) {
  const sources = FOLDERS.flatMap(namesIn).filter((name) => name.endsWith(".cc"));
  const asked = sources.filter(
    (name) => wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix)),
  );
  return asked.map((name) => {
    const command = commands.find(({ file }) => relative(root, file) === name);
    return command ?? fail(`${name}: is compiled by no build that is asked here`);
  });
}

/** How often our sources suppress a finding, and where they do so without naming the check and saying why. */
function suppressions() {
  const found = FOLDERS.flatMap(namesIn).flatMap((name) =>
    readFileSync(join(root, name), "utf8")
      .split("\n")
      .map((line, i) => ({ place: `${name}:${i + 1}`, line }))
      .filter(({ line }) => line.includes("NOLINT")),
  );
  const explained = /NOLINT(?:NEXTLINE)?\([a-z][\w.-]*\): \S/;
  const unexplained = found.filter(({ line }) => !explained.test(line));
  return {
    count: found.length,
    problems: unexplained.map(({ place }) => `${place}: NOLINT without a check or a reason`),
  };
}

for (const tool of ["clang-tidy-16", "run-clang-tidy-16"]) {
  if (run(tool, ["--help"]).error !== undefined) {
    fail(`${tool} is not installed: Debian's package clang-tidy-16 has it`);
  }
}
mkdirSync(out, { recursive: true });
const commands = chosen(allCommands());
if (commands.length === 0) fail(`no source begins with ${wanted.join(" or ")}`);
writeFileSync(join(out, "compile_commands.json"), JSON.stringify(commands, null, 1));

const args = ["-quiet", "-j", String(availableParallelism()), "-p", out];
const { status, signal, stdout, stderr } = run("run-clang-tidy-16", args);
// Once, what several sources find in a header.
const findings = new Set(
  [...stdout.matchAll(/^(\/.*?:\d+):\d+: (?:warning|error): (.*) \[([^\]]*)\]$/gm)].map(
    ([, place, message, checks]) =>
      `${relative(root, place)}: ${checks.replace(",-warnings-as-errors", "")}: ${message}`,
  ),
);
// What it would have found there is not known.
const crashed = [...stderr.matchAll(/^(\/.*?): terminated by signal \d+$/gm)].map(([line, file]) =>
  line.replace(file, relative(root, file)),
);
const { count, problems } = suppressions();
console.log(`figure: clang-tidy | files | ${commands.length}`);
console.log(`figure: clang-tidy | warnings | ${findings.size}`);
console.log(`figure: clang-tidy | suppressed | ${count}`);
const failures = [...findings, ...crashed, ...problems];
if (status !== 0 && failures.length === 0)
  failures.push(`ended with ${signal ?? status}: ${stderr}`);
if (failures.length > 0) fail(...failures);
