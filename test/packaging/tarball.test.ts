import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runNode } from "../support/child-process.js";
import { emptyFolder } from "../support/empty-folder.js";
import { type PackedPackage, packPackage } from "../support/packed-package.js";

const ROOT = join(import.meta.dirname, "..", "..");
const BIN = join(ROOT, "node_modules", ".bin");
const LIMIT_MS = 60_000;

const folder = emptyFolder(afterAll);
let packed: PackedPackage;
let paths: readonly string[];
beforeAll(async () => {
  packed = await packPackage(folder);
  paths = packed.files.map(({ path }) => path);
  const prebuilds = packed.files.filter(({ path }) => path.startsWith("prebuilds/"));
  console.log(
    `packed ${packed.size} bytes, unpacked ${packed.unpackedSize}, in ${paths.length} files; of these`,
    Object.fromEntries(prebuilds.map(({ path, size }) => [path, size])),
  );
}, LIMIT_MS);

const within = (part: string) => paths.filter((path) => path.startsWith(`${part}/`)).sort();

describe("the tarball", () => {
  test("has what is needed, and nothing else, beside the library, the sources and the binaries", () => {
    const others = paths.filter((path) => !/^(dist|native|prebuilds)\//.test(path));
    expect(others.sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "THIRD-PARTY-LICENSES.md",
      "package.json",
      "scripts/compile-addon.mjs",
    ]);
  });

  test("has no binding.gyp, for which Yarn 1 would compile at every install", () => {
    expect(paths.filter((path) => path.endsWith("binding.gyp"))).toEqual([]);
  });

  test("has of the library a module and its types for each source, and the two faces", () => {
    const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `dist/${file.replaceAll("\\", "/").slice(0, -".ts".length)}`);
    const faces = ["dist/index.mjs", "dist/index.d.mts", "dist/package.json"];
    const expected = [...sources.flatMap((file) => [`${file}.js`, `${file}.d.ts`]), ...faces];
    expect(within("dist")).toEqual(expected.sort());
  });

  test("has of the native sources those that the build names, what they include, and licences", () => {
    const named = ["native/addon.gypi", "native/sources.gypi"]
      .map((file) => readFileSync(join(ROOT, file), "utf8"))
      .flatMap((text) => text.match(/native\/[\w./-]+\.\w+/g) ?? [])
      .concat("native/addon.gypi", "native/sources.gypi");
    const expected = new Set([...withIncluded(named), ...within("native").filter(isLicence)]);
    expect(within("native")).toEqual([...expected].sort());
    expect(within("native").filter(isLicence)).toEqual(["native/third_party/zlib/LICENSE"]);
  });

  test("has no binary that a release does not hold", () => {
    const list = readFileSync(join(ROOT, "scripts", "prebuild", "platforms.json"), "utf8");
    const known = JSON.parse(list).prebuilds.map((file: string) => `prebuilds/${file}`);
    expect(within("prebuilds").filter((path) => !known.includes(path))).toEqual([]);
  });

  test("has every file that package.json names", () => {
    const { main, types, exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const named = [main, types, ...stringsIn(exports)];
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((file) => !paths.includes(file.replace(/^\.\//, "")))).toEqual([]);
  });

  test("leads to no file that is not there: no source maps are named", () => {
    const texts = within("dist").map((path) => readFileSync(join(ROOT, path), "utf8"));
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => text.includes("sourceMappingURL"))).toEqual([]);
  });

  test("is as publint wants it, to its last suggestion", { timeout: LIMIT_MS }, async () => {
    const publint = [join(BIN, "publint"), "run", packed.file, "--strict"];
    const { code, stdout, stderr } = await runNode(publint, { deadlineMs: LIMIT_MS });
    expect(stdout + stderr).toContain("All good!");
    expect(code).toBe(0);
  });

  test("has types that every way of resolving finds right", { timeout: LIMIT_MS }, async () => {
    const attw = [join(BIN, "attw"), packed.file, "--format", "json"];
    const { code, stdout } = await runNode(attw, { deadlineMs: LIMIT_MS });
    const { analysis } = JSON.parse(stdout);
    expect(analysis.problems).toEqual([]);
    expect(Object.keys(analysis.entrypoints["."].resolutions).sort()).toEqual([
      "bundler",
      "node10",
      "node16-cjs",
      "node16-esm",
    ]);
    expect(code).toBe(0);
  });
});

function isLicence(path: string): boolean {
  return path.endsWith("/LICENSE");
}

/** These sources, and of our own files all that they include. */
function withIncluded(sources: readonly string[]): Set<string> {
  const found = new Set(sources);
  for (const file of found) {
    const text = readFileSync(join(ROOT, file), "utf8");
    for (const [, name = ""] of text.matchAll(/^ *# *include "([^"]+)"/gm)) {
      // What is neither is left out by a define, or it would not compile.
      const places = [posix.join(posix.dirname(file), name), posix.join("native", name)];
      const place = places.find((one) => existsSync(join(ROOT, one)));
      if (place !== undefined) found.add(place);
    }
  }
  return found;
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Object.values(value as object).flatMap(stringsIn);
}
