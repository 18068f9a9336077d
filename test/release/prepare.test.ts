import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ReleaseClone } from "../support/release-clone.js";

const SCRIPT = "release/prepare.mjs";

describe("npm run release", () => {
  test("makes version, changelog, commit and tag here, and says how to publish them", async () => {
    const clone = new ReleaseClone();
    const before = clone.git("ls-remote");
    const { code, stdout, stderr } = await clone.run(SCRIPT, "minor");
    expect(code, stderr).toBe(0);

    expect(JSON.parse(clone.read("package.json")).version).toBe("1.3.0");
    expect(JSON.parse(clone.read("package-lock.json")).version).toBe("1.3.0");
    const today = new Date().toISOString().slice(0, 10);
    expect(clone.read("CHANGELOG.md")).toBe(
      `# Changelog\n\n## [Unreleased]\n\n## [1.3.0] - ${today}\n\n### Added\n\n- A thing.\n`,
    );
    expect(clone.git("log", "-1", "--format=%s")).toBe("Release 1.3.0");
    expect(clone.git("rev-parse", "v1.3.0^{commit}")).toBe(clone.git("rev-parse", "HEAD"));
    expect(clone.git("status", "--porcelain")).toBe("");
    expect(clone.git("ls-remote")).toBe(before);

    const push = stdout.trim().split("publish it: git ")[1] ?? "";
    clone.git(...push.split(" "));
    expect(clone.git("ls-remote", "origin")).toContain("refs/tags/v1.3.0");

    const again = await clone.run(SCRIPT, "minor");
    expect(again.stderr).toContain('CHANGELOG.md has no entries under "Unreleased"');
  });

  test.each([
    ["patch", "1.2.4"],
    ["1.10.0", "1.10.0"],
    ["1.2.3", "1.2.3"], // the present one, which was never tagged
  ])("takes %s: %s", async (wanted, version) => {
    const clone = new ReleaseClone();
    expect((await clone.run(SCRIPT, wanted)).code).toBe(0);
    expect(clone.git("tag")).toBe(`v${version}`);
  });

  test("refuses what is no version or one below the present one, and changes nothing", async () => {
    const clone = new ReleaseClone();
    const before = clone.state();
    for (const [args, told] of [
      [[], "say which version"],
      [["next"], "say which version"],
      [["2.0.0-rc.1"], "say which version"],
      [["1.3.0", "1.4.0"], "say which version"],
      [["1.2.2"], "1.2.2 is below 1.2.3"],
    ] as const) {
      const { code, stderr } = await clone.run(SCRIPT, ...args);
      expect({ code, stderr }, args.join(" ")).toEqual({
        code: 1,
        stderr: expect.stringContaining(told),
      });
    }
    expect(clone.state()).toEqual(before);
  });

  test.each<[what: string, arrange: (clone: ReleaseClone) => void, told: string]>([
    [
      "a change that is not committed",
      (clone) => clone.edit(".gitignore", (text) => `${text}\n`),
      "uncommitted changes, commit or stash them first:\n M .gitignore",
    ],
    [
      "a file that git does not know",
      (clone) => clone.write("leftover.txt", ""),
      "?? leftover.txt",
    ],
    [
      "another branch",
      (clone) => clone.git("switch", "--quiet", "--create", "feature"),
      "this is feature, releases are made on main: git switch main",
    ],
    [
      "no branch",
      (clone) => clone.git("switch", "--quiet", "--detach"),
      "this is no branch, releases are made on main",
    ],
    ["a tag that is here", (clone) => clone.git("tag", "v1.3.0"), "there is a tag v1.3.0 already"],
    [
      "a tag that only the remote has",
      (clone) => {
        clone.git("tag", "v1.3.0");
        clone.git("push", "--quiet", "origin", "v1.3.0");
        clone.git("tag", "--delete", "v1.3.0");
      },
      "origin has a tag v1.3.0 already",
    ],
    [
      "a remote that is not there",
      (clone) => clone.git("remote", "set-url", "origin", `${clone.remote}-gone`),
      "origin cannot be asked for its tags",
    ],
    [
      "nothing unreleased",
      (clone) => {
        clone.write(
          "CHANGELOG.md",
          "# Changelog\n\n## [Unreleased]\n\n### Added\n\n## [1.2.3]\n\n- A\n",
        );
        clone.commitAll();
      },
      'CHANGELOG.md has no entries under "Unreleased"',
    ],
    [
      "a package without a repository",
      (clone) => {
        clone.editManifest((manifest) => ({ ...manifest, repository: undefined }));
        clone.commitAll();
      },
      "package.json names no repository",
    ],
    [
      "a hook that refuses the commit",
      (clone) => {
        mkdirSync(join(clone.folder, ".git/hooks"));
        clone.write(".git/hooks/pre-commit", "#!/bin/sh\necho not today >&2\nexit 1\n");
        chmodSync(join(clone.folder, ".git/hooks/pre-commit"), 0o755);
      },
      "nothing was changed, since not today",
    ],
  ])("refuses %s and changes nothing", async (_, arrange, told) => {
    const clone = new ReleaseClone();
    arrange(clone);
    const before = clone.state();
    const { code, stdout, stderr } = await clone.run(SCRIPT, "minor");
    expect(stderr).toContain(told);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(clone.state()).toEqual(before);
  });

  test("tells all that is in the way at once", async () => {
    const clone = new ReleaseClone();
    clone.git("switch", "--quiet", "--create", "feature");
    clone.write("leftover.txt", "");
    const { stderr } = await clone.run(SCRIPT, "1.0.0");
    expect(stderr.match(/^refused: /gm)).toHaveLength(3);
  });
});

test("CHANGELOG.md begins with what is unreleased, then has each version with its day", () => {
  const changelog = readFileSync(join(import.meta.dirname, "..", "..", "CHANGELOG.md"), "utf8");
  const [first, ...others] = changelog.match(/^## .*$/gm) ?? [];
  expect(first).toBe("## [Unreleased]");
  expect(others.filter((line) => !/^## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/.test(line))).toEqual(
    [],
  );
});
