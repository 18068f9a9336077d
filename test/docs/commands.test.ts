import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Found, markdownFiles, pageOf } from "../support/markdown.js";

const ROOT = join(import.meta.dirname, "..", "..");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

const PAGES = markdownFiles().map(pageOf);

/** The commands of `sh` blocks, one by one. */
const COMMANDS: readonly Found[] = PAGES.flatMap(({ blocks }) => blocks)
  .filter(({ language }) => language === "sh")
  .flatMap(({ place, code }) =>
    code
      .replaceAll(/(^|\s)#.*$/gm, "")
      .split(/\n|&&|\|/)
      .map((command) => ({ place, text: command.trim() }))
      .filter(({ text }) => text !== ""),
  );
const SPANS: readonly Found[] = PAGES.flatMap(({ spans }) => spans);

/** What a user has: of Node.js, of the system, of the packages that a page tells to install. */
const PROGRAMS = [
  "cd",
  "cmake",
  "ctest",
  "curl",
  "git",
  "node",
  "npm",
  "npx",
  "prometheus",
  "promtool",
];
const NPM_COMMANDS = ["ci", "install", "run", "test"];
/** A file or folder of the project, and no pattern of several. */
const PATH = /^(?:\.ci|bench|docs|examples|native|scripts|src|test)\/[\w./-]*$/;

/** Where it is said, and what of it is not there. */
function faults(places: readonly Found[], missing: (text: string) => readonly string[]): string[] {
  return places.flatMap(({ place, text }) => missing(text).map((fault) => `${place}: ${fault}`));
}

test("each command in a block begins with a program that a reader has", () => {
  expect(COMMANDS.length).toBeGreaterThan(0);
  const unknown = (text: string): string[] => {
    const [program = "", argument = ""] = text.split(/\s+/);
    if (!PROGRAMS.includes(program)) return [`who has "${program}"?`];
    if (program === "npm" && !NPM_COMMANDS.includes(argument)) return [`what is npm ${argument}?`];
    return [];
  };
  expect(faults(COMMANDS, unknown)).toEqual([]);
});

test("each script that npm is to run is in package.json", () => {
  const unknown = (text: string): string[] =>
    [...text.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)]
      .map(([, script]) => String(script))
      .filter((script) => scripts[script] === undefined)
      .map((script) => `there is no npm run ${script}`);
  expect(faults([...COMMANDS, ...SPANS], unknown)).toEqual([]);
});

test("each tool that npx is to run is installed", () => {
  const unknown = (text: string): string[] =>
    [...text.matchAll(/\bnpx ([\w-]+)/g)]
      .map(([, tool]) => String(tool))
      .filter((tool) => !existsSync(join(ROOT, "node_modules", ".bin", tool)))
      .map((tool) => `there is no npx ${tool}`);
  expect(faults([...COMMANDS, ...SPANS], unknown)).toEqual([]);
});

test("each file of the project that a command or a page names is there", () => {
  const unknown = (text: string): string[] =>
    text
      .split(/\s+/)
      .filter((word) => PATH.test(word) && !existsSync(join(ROOT, word)))
      .map((path) => `there is no ${path}`);
  expect(faults([...COMMANDS, ...SPANS], unknown)).toEqual([]);
});
