import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { markdownFiles, type Page, pageOf } from "../support/markdown.js";

const ROOT = join(import.meta.dirname, "..", "..");
const INDEX = "docs/README.md";
const PAGES: ReadonlyMap<string, Page> = new Map(
  markdownFiles().map((file) => [file, pageOf(file)]),
);

/** What a link of `file` leads to, as a path in the project; `undefined`: somewhere else. */
function targetOf(file: string, link: string) {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? file : normalize(join(dirname(file), decodeURIComponent(path)));
  return { target: target.replaceAll("\\", "/"), anchor };
}

function faultOf(file: string, link: string): string | undefined {
  const found = targetOf(file, link);
  if (found === undefined) return undefined;
  const { target, anchor } = found;
  if (!existsSync(join(ROOT, target))) return `there is no ${target}`;
  if (anchor === undefined) return undefined;
  const anchors = PAGES.get(target)?.anchors ?? [];
  return anchors.includes(anchor) ? undefined : `${target} has no heading #${anchor}`;
}

test("each relative link leads to a file, and to a heading, that is there", () => {
  const links = [...PAGES].flatMap(([file, page]) => page.links.map((link) => ({ file, ...link })));
  expect(links.length).toBeGreaterThan(0);
  const faults = links.flatMap(({ file, place, text }) => {
    const fault = faultOf(file, text);
    return fault === undefined ? [] : [`${place}: ${fault}`];
  });
  expect(faults).toEqual([]);
});

describe(INDEX, () => {
  const named = new Set(PAGES.get(INDEX)?.links.map(({ text }) => targetOf(INDEX, text)?.target));

  test("names every page of docs/, the benchmarks and how to contribute", () => {
    const pages = [...PAGES.keys()].filter((file) => file.startsWith("docs/") && file !== INDEX);
    const all = [...pages, "bench/README.md", "CONTRIBUTING.md"];
    expect(all.filter((file) => !named.has(file))).toEqual([]);
  });

  test("is named by README.md, and so is the first page", () => {
    const links = PAGES.get("README.md")?.links.map(({ text }) => text);
    expect(links).toEqual(expect.arrayContaining([INDEX, "docs/getting-started.md"]));
  });
});
