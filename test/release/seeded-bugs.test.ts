import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seededBugs } from "../../scripts/verify/seeded-bugs.mjs";

const ROOT = join(import.meta.dirname, "..", "..");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

describe.each(seededBugs().map((bug) => [bug.name, bug] as const))(
  "the seeded bug %s",
  (_, bug) => {
    test("can be put into the tree as it is", () => {
      const apply = () =>
        execFileSync("git", ["apply", "--check", bug.file], { cwd: ROOT, stdio: "pipe" });
      expect(apply).not.toThrow();
    });

    test("has a check that there is", () => {
      const [, script] = /npm run (?:-s |--silent )?([\w:-]+)/.exec(bug.check) ?? [];
      if (script !== undefined) expect(scripts).toHaveProperty(script);
      expect(bug.names.source).not.toBe("");
    });
  },
);
