import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const OUT = join(import.meta.dirname, "..", "..", "out");
const ADDON = join("build", "Release", "metrics_runtime.node");
const RELEASE = join(OUT, "cmake", ADDON);
const FAULTY = join(OUT, "fault-points", ADDON);

/** What the fault points would leave: their functions, their texts, the memory that can be refused. */
const SYMBOLS = ["FailsAt", "LingerAt", "FailAt", "HoldAt", "RefuseMemoryAfter", "operator new("];
const TEXTS = ["a fault point", "faultPoints", "refuseMemoryAfter"];

function definedIn(file: string): readonly string[] {
  const listing = execFileSync("nm", ["-C", "--defined-only", file], { encoding: "utf8" });
  return SYMBOLS.filter((symbol) => listing.includes(symbol));
}

function textsIn(file: string): readonly string[] {
  const bytes = readFileSync(file);
  return TEXTS.filter((text) => bytes.includes(text));
}

describe("fault points", () => {
  test("are in the build that is made to fail, so that looking for them finds them", () => {
    expect(definedIn(FAULTY)).toEqual(SYMBOLS);
    expect(textsIn(FAULTY)).toEqual(TEXTS);
  });

  test("are not in the addon otherwise: no symbol, no text, nothing exported", () => {
    expect(definedIn(RELEASE)).toEqual([]);
    expect(textsIn(RELEASE)).toEqual([]);
  });
});
