import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { giveVersion } from "../support/addon-version.js";
import { builtAddon } from "../support/built-addon.js";
import { runNode } from "../support/child-process.js";
import { ReleaseClone } from "../support/release-clone.js";

const SCRIPT = "release/pack.mjs";
const PREBUILD = `${process.platform}-${process.arch}/metrics-runtime.node`;
/** What is in the tarball, and what its library is built of. */
const WHOLE = ["native", "src", "binding.gyp", "*.md", "LICENSE", "tsconfig*.json"];

/** Tagged v1.2.3, with news for it; a release holds the binary of this platform alone, and it is there. */
async function taggedClone(
  parts = ["native/core/metric.cc", "binding.gyp"],
): Promise<ReleaseClone> {
  const clone = new ReleaseClone(...parts);
  clone.edit("CHANGELOG.md", (text) => text.replace("[Unreleased]", "[1.2.3] - 2026-01-31"));
  clone.write("scripts/prebuild/platforms.json", JSON.stringify({ prebuilds: [PREBUILD] }));
  clone.commitAll();
  clone.git("tag", "v1.2.3");
  await putPrebuild(clone);
  return clone;
}

async function putPrebuild(clone: ReleaseClone): Promise<void> {
  const file = join(clone.folder, "prebuilds", PREBUILD);
  mkdirSync(join(file, ".."), { recursive: true });
  copyFileSync(builtAddon(), file);
  giveVersion(file, "1.2.3");
  const program = `
    import { recordSources } from "./scripts/release/addon-sources.mjs";
    recordSources(${JSON.stringify(file)});
  `;
  const inClone = { cwd: clone.folder };
  const recorded = await runNode(["--input-type=module", "--eval", program], inClone);
  expect(recorded).toMatchObject({ code: 0, stderr: "" });
}

describe("npm run release:pack", () => {
  test("makes a tarball that works, its bill of materials and their sums", async () => {
    const clone = await taggedClone(WHOLE);
    const { code, stdout, stderr } = await clone.run(SCRIPT);
    expect(code, stderr).toBe(0);
    expect(clone.git("status", "--porcelain")).toBe("");

    const sums = clone.read("out/release/SHA256SUMS");
    expect(stdout).toContain(sums);
    const files = [...sums.matchAll(/^(\w{64}) {2}(.+)$/gm)];
    expect(files.map(([, , file]) => file)).toEqual(["metrics-runtime-1.2.3.tgz", "sbom.cdx.json"]);
    for (const [, sum, file = ""] of files) {
      const bytes = readFileSync(join(clone.folder, "out", "release", file));
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(sum);
    }
    expect(clone.read("out/release/news.md")).toBe("### Added\n\n- A thing.\n");
    expect(JSON.parse(clone.read("out/release/sbom.cdx.json")).metadata.component.version).toBe(
      "1.2.3",
    );
    expect(stdout).toMatch(new RegExp(`\\d+ kB {2}prebuilds/${PREBUILD}`));

    const tarball = join(clone.folder, "out", "release", "metrics-runtime-1.2.3.tgz");
    const tried = await clone.run("release/try-tarball.mjs", tarball);
    expect(tried.code, tried.stderr).toBe(0);
  }, 120_000);

  test.each<[what: string, arrange: (clone: ReleaseClone) => void, told: string]>([
    [
      "a missing binary",
      (clone) => rmSync(join(clone.folder, "prebuilds", PREBUILD)),
      `there is no prebuilds/${PREBUILD}: npm run prebuildify on that platform`,
    ],
    [
      "a binary of which nobody knows the sources",
      (clone) => rmSync(join(clone.folder, "prebuilds", `${PREBUILD}.sources`)),
      `prebuilds/${PREBUILD} is not of these sources: npm run prebuildify`,
    ],
    [
      "a binary of older sources",
      (clone) => {
        clone.edit("native/core/metric.cc", (text) => `${text}// changed\n`);
        clone.commitAll();
        clone.git("tag", "--force", "v1.2.3");
      },
      `prebuilds/${PREBUILD} is not of these sources`,
    ],
    [
      "another binary than the one that was built",
      (clone) => clone.edit(`prebuilds/${PREBUILD}`, (text) => text.slice(1)),
      `prebuilds/${PREBUILD} is not of these sources`,
    ],
    [
      "a change that is not committed",
      (clone) => clone.write("leftover.txt", ""),
      "uncommitted changes, commit or stash them first:\n?? leftover.txt",
    ],
    [
      "a commit without the tag of its version",
      (clone) => {
        clone.git("tag", "--delete", "v1.2.3");
        clone.git("tag", "v1.2.4");
      },
      "this is not the commit of v1.2.3, the version in package.json",
    ],
    [
      "a version without news",
      (clone) => {
        clone.edit("CHANGELOG.md", (text) => text.replace("[1.2.3]", "[1.2.2]"));
        clone.commitAll();
        clone.git("tag", "--force", "v1.2.3");
      },
      "CHANGELOG.md has no entries for 1.2.3",
    ],
    [
      "a binary that no release has, which the loader might take",
      (clone) => clone.write(`prebuilds/${PREBUILD.replace("metrics-runtime", "other")}`, ""),
      `prebuilds/${PREBUILD.replace("metrics-runtime", "other")} is no binary of a release`,
    ],
    [
      "a repository of which npm would take no provenance",
      (clone) => {
        clone.editManifest((manifest) => ({ ...manifest, repository: "github:example/other" }));
        clone.commitAll();
        clone.git("tag", "--force", "v1.2.3");
      },
      'package.json names the repository "github:example/other", and this is example/metrics-runtime',
    ],
  ])("refuses %s and makes nothing", async (_, arrange, told) => {
    const clone = await taggedClone();
    arrange(clone);
    const { code, stdout, stderr } = await clone.run(SCRIPT);
    expect(stderr).toContain(told);
    expect(stderr.match(/^refused: /gm)).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(clone.git("status", "--porcelain", "--ignored")).not.toContain("out/");
  });

  test("wants neither tag nor news for a rehearsal, but all the rest", async () => {
    const clone = await taggedClone();
    clone.git("tag", "--delete", "v1.2.3");
    clone.edit("CHANGELOG.md", () => "");
    clone.commitAll();
    rmSync(join(clone.folder, "prebuilds", PREBUILD));
    const { code, stderr } = await clone.run(SCRIPT, "--rehearsal");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^refused: there is no prebuilds\/[^\n]+\n$/);
  });
});
