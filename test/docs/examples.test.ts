import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const { scripts } = JSON.parse(read("package.json"));

/** Rows of the index: the example, and the script or test that runs it. */
const ROWS = [...read("docs/README.md").matchAll(/^\| \[examples\/(\S+)\].*\| `([^`]+)` \|$/gm)];

test("docs/README.md names each example", () => {
  expect(ROWS.map(([, example]) => example).toSorted()).toEqual(
    readdirSync(join(ROOT, "examples")).toSorted(),
  );
});

test.each(ROWS.map(([, example = "", by = ""]) => ({ example, by })))(
  "examples/$example is run by $by",
  ({ example, by }) => {
    const runs = existsSync(join(ROOT, by)) ? read(by) : scripts[by.replace("npm run ", "")];
    expect(runs).toContain(example.replace(/\.ts$/, ""));
  },
);
