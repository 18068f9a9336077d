import { expect, test } from "vitest";
import { blocksIn } from "../support/doc-blocks.js";

test("every ts and js block is found, with its place and whether it runs", () => {
  const markdown = [
    "# Title",
    "```ts",
    "const a = 1;",
    "```",
    "text ```ts inline``` text",
    "```ts no-run",
    "const b = 2;",
    "",
    "const c = 3;",
    "```",
    "```sh",
    "npm install",
    "```",
    "- a list:",
    "  ```js",
    "  if (a) {",
    "    b();",
    "  }",
    "  ```",
    "````ts",
    "const fence = `",
    "```",
    "`;",
    "````",
    "```tsx",
    "```",
  ].join("\n");
  expect(blocksIn(markdown, "x.md")).toEqual([
    { place: "x.md:2", language: "ts", runs: true, code: "const a = 1;\n" },
    { place: "x.md:6", language: "ts", runs: false, code: "const b = 2;\n\nconst c = 3;\n" },
    { place: "x.md:15", language: "js", runs: true, code: "if (a) {\n  b();\n}\n" },
    { place: "x.md:20", language: "ts", runs: true, code: "const fence = `\n```\n`;\n" },
  ]);
});
