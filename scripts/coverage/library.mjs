// Which lines of src/ run: V8's own counts of dist/ in every process and worker that has to do with it, mapped back by
// source maps. Published files have none: they come from a second compilation, whose code is that of dist/.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { CoverageReport } from "monocart-coverage-reports";
import { root } from "../verify/command.mjs";
import { giveUp, out, program, succeed } from "./processes.mjs";

/** For NODE_V8_COVERAGE: every Node.js that is started with it, and every worker there, leaves a file. */
export const v8Counts = join(out, "v8");
const mapped = join(out, "dist-with-maps");
const LINK = /\n\/\/# sourceMappingURL=.*\s*$/;

/** Forgets what ran before. */
export function forgetV8Counts() {
  rmSync(v8Counts, { recursive: true, force: true });
}

/** dist/ by the names of its files, with their source maps. */
async function compiled() {
  rmSync(mapped, { recursive: true, force: true });
  const options = ["--outDir", mapped, "--sourceMap", "--inlineSources"];
  const tsc = program("typescript/bin/tsc", "-p", "tsconfig.build.json", ...options);
  await succeed("source-maps", tsc);
  const files = readdirSync(mapped, { recursive: true }).filter((file) => file.endsWith(".js"));
  return new Map(
    files.map((file) => {
      const path = join(root, "dist", file);
      const source = readFileSync(path, "utf8");
      const again = readFileSync(join(mapped, file), "utf8").replace(LINK, "\n");
      if (source !== again) giveUp(`dist/${file} is not what src/ is now`);
      const sourceMap = JSON.parse(readFileSync(join(mapped, `${file}.map`), "utf8"));
      return [file, { url: pathToFileURL(path).href, source, sourceMap }];
    }),
  );
}

/** Whether it is the file in dist/, or one of the copies that tests make of the package; not one that they doctored. */
function isOf({ source }, { functions }) {
  return functions.some(({ ranges: [whole] }) => whole.endOffset === source.length);
}

/** What V8 says of a whole script that has not run. */
function neverRun({ source }) {
  const ranges = [{ startOffset: 0, endOffset: source.length, count: 0 }];
  return { functionName: "", isBlockCoverage: true, ranges };
}

/** @returns {Promise<import("./figures.mjs").CoveredFile[]>} */
export async function libraryCoverage() {
  const files = await compiled();
  const report = new CoverageReport({
    logging: "error",
    outputDir: join(out, "library"),
    reports: ["none"],
    baseDir: root,
    cleanCache: true,
    // Relative to the map, which is as deep as dist/ and somewhere else.
    sourcePath: (path) => path.replace(/^.*?(?=src\/)/, ""),
  });
  // Also what nobody has loaded.
  await report.add([...files.values()].map((file) => ({ ...file, functions: [neverRun(file)] })));
  for (const name of readdirSync(v8Counts)) {
    const { result } = JSON.parse(readFileSync(join(v8Counts, name), "utf8"));
    const entries = result.flatMap((script) => {
      const file = files.get(/\/dist\/(.*)$/.exec(script.url)?.[1]);
      return file !== undefined && isOf(file, script)
        ? [{ ...file, functions: script.functions }]
        : [];
    });
    if (entries.length > 0) await report.add(entries);
  }
  const results = await report.generate();
  return results.files.map(coveredFile);
}

/** A line holds code when a statement begins there. */
function coveredFile({ sourcePath, source, data }) {
  const lines = new Map();
  const starts = [...source.matchAll(/^/gm)].map(({ index }) => index);
  for (const { start, count } of data.statements) {
    const line = starts.findLastIndex((index) => index <= start) + 1;
    lines.set(line, Math.max(lines.get(line) ?? 0, count));
  }
  const counts = (ranges) => ranges.map(({ count }) => count);
  return {
    file: relative(root, join(root, sourcePath)),
    lines,
    branches: counts(data.branches),
    functions: counts(data.functions),
  };
}
