import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeWhere } from "../support/describe-where.js";
import { nativeComponents, runTimeDependencies } from "../support/native-components.js";
import { GLIBC_PREBUILDS, missingPrebuilds } from "../support/prebuilds.js";

const ROOT = join(import.meta.dirname, "..", "..");
const TOLD = read("THIRD-PARTY-LICENSES.md");
const WORDS = words(TOLD);

describe("THIRD-PARTY-LICENSES.md", () => {
  test.each([...runTimeDependencies()])("names %s, its version and its text", (name, { range }) => {
    expect(rowOf(name)).toContain(`) ${range} |`);
    const [license] = readdirSync(join(ROOT, "node_modules", name)).filter((file) =>
      /^licen[cs]e(\.|$)/i.test(file),
    );
    expect(license, `licence file of ${name}`).toBeDefined();
    expect(WORDS).toContain(words(read(join("node_modules", name, license ?? ""))));
  });

  test.each(nativeComponents())("names $name, its version, its licence and the text", (it) => {
    expect(rowOf(it.name)).toContain(it.version === undefined ? ") |" : `) ${it.version} |`);
    expect(rowOf(it.name)).toContain(it.license);
    expect(WORDS).toContain(words(read(it.licenseFile)));
  });
});

describeWhere(missingPrebuilds(), "the list of native components and the binaries", () => {
  test.each(GLIBC_PREBUILDS)("name the same GCC: $file", ({ file, path }) => {
    const compiler = /GCC: \([^)]+\) ([\d.]+)/.exec(readFileSync(path, "latin1"))?.[1];
    const ofCompiler = nativeComponents().filter(({ prebuilds }) => prebuilds?.includes(file));
    expect(ofCompiler.map(({ name, version }) => [name, version])).toEqual([
      ["libstdc++", compiler],
      ["libgcc", compiler],
    ]);
  });
});

describe("the list of native components", () => {
  test("has each folder of native/third_party", () => {
    const names = nativeComponents().map(({ name }) => name);
    const folders = readdirSync(join(ROOT, "native/third_party"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(names).toEqual(expect.arrayContaining(folders));
  });

  test("has the version of zlib that is there", () => {
    const zlib = nativeComponents().find(({ name }) => name === "zlib");
    const header = read("native/third_party/zlib/zlib.h");
    expect(/#define ZLIB_VERSION "([^"]+)"/.exec(header)?.[1]).toBe(zlib?.version);
  });

  test("names no binary that a release does not hold", () => {
    const { prebuilds } = JSON.parse(read("scripts/prebuild/platforms.json"));
    const named = nativeComponents().flatMap((component) => component.prebuilds ?? []);
    expect(named.filter((file) => !prebuilds.includes(file))).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** The row of the table that begins with a link of this name. */
function rowOf(name: string): string {
  return TOLD.split("\n").find((line) => line.startsWith(`| [${name}](`)) ?? "";
}

/** Without what differs when lines are broken otherwise. */
function words(text: string): string {
  return text.trim().split(/\s+/).join(" ");
}
