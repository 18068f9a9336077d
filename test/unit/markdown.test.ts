import { expect, test } from "vitest";
import { readPage } from "../support/markdown.js";

test("every block of code is found, with its place, language and marks", () => {
  const markdown = [
    "# Title",
    "```ts",
    "const a = 1;",
    "```",
    "text ```ts inline``` text",
    "",
    "    indented",
    "",
    "~~~json lines",
    "{}",
    "",
    "[]",
    "~~~",
    "- a list:",
    "  ```js",
    "  if (a) {",
    "    b();",
    "  }",
    "  ```",
    "",
    "````ts",
    "const fence = `",
    "```",
    "`;",
    "````",
    "```",
    "never closed",
  ].join("\n");
  expect(readPage(markdown, "x.md").blocks).toEqual([
    { place: "x.md:2", language: "ts", marks: [], code: "const a = 1;\n" },
    { place: "x.md:7", language: "", marks: [], code: "indented\n" },
    { place: "x.md:9", language: "json", marks: ["lines"], code: "{}\n\n[]\n" },
    { place: "x.md:15", language: "js", marks: [], code: "if (a) {\n  b();\n}\n" },
    { place: "x.md:21", language: "ts", marks: [], code: "const fence = `\n```\n`;\n" },
    { place: "x.md:26", language: "", marks: [], code: "never closed" },
  ]);
});

test("links, images and code spans are found wherever they stand, and in code none are", () => {
  const markdown = [
    "# [A](a.md) title",
    "",
    "| [b](b.md#c) | ![d](d.svg) |",
    "| --- | --- |",
    "| [e][f] | `g \\| h` |",
    "",
    "`[no](no.md)` and",
    "[i](<i j.md>)",
    "",
    "```text",
    "[no](no.md)",
    "```",
    "",
    "[f]: f.md",
  ].join("\n");
  const { links, spans } = readPage(markdown, "x.md");
  expect(links).toEqual([
    { place: "x.md:1", text: "a.md" },
    { place: "x.md:3", text: "b.md#c" },
    { place: "x.md:3", text: "d.svg" },
    { place: "x.md:5", text: "f.md" },
    { place: "x.md:7", text: "i%20j.md" },
  ]);
  expect(spans).toEqual([
    { place: "x.md:5", text: "g | h" },
    { place: "x.md:7", text: "[no](no.md)" },
  ]);
});

test("anchors are those that GitHub gives to headings", () => {
  const markdown = [
    "# What `a.b()` does, and *why*?",
    "## Again",
    "## Again",
    "Older",
    "-----",
    "## [Linked](x.md) – 1_000 µs",
  ].join("\n");
  expect(readPage(markdown, "x.md").anchors).toEqual([
    "what-ab-does-and-why",
    "again",
    "again-1",
    "older",
    "linked--1_000-µs",
  ]);
});
