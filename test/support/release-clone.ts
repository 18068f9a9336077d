import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ChildResult, runNode } from "./child-process.js";
import { emptyFolder } from "./empty-folder.js";

const ROOT = join(import.meta.dirname, "..", "..");
/** Nobody's own settings, such as a signing key or a hook, have a part in what is tested. */
const ENVIRONMENT = {
  ...process.env,
  GIT_CONFIG_GLOBAL: join(ROOT, "no-such-file"),
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Tester",
  GIT_AUTHOR_EMAIL: "tester@example.org",
  GIT_COMMITTER_NAME: "Tester",
  GIT_COMMITTER_EMAIL: "tester@example.org",
  GITHUB_REPOSITORY: "example/metrics-runtime",
};

const ALWAYS = ["package.json", "package-lock.json", "scripts", ".gitignore"];
const ON_MAIN = ["--initial-branch=main"];

/** Version 1.2.3 of this package in a repository of its own, with something unreleased, and its remote. */
export class ReleaseClone {
  readonly folder = emptyFolder();
  readonly remote = emptyFolder();

  /** @param parts the files and folders of the tree that it has, besides the manifest and `scripts/` */
  constructor(...parts: readonly string[]) {
    execFileSync("git", ["init", "--quiet", "--bare", "--template=", ...ON_MAIN, this.remote]);
    for (const file of filesOfTree(...ALWAYS, ...parts)) {
      cpSync(join(ROOT, file), join(this.folder, file));
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"), "junction");
    for (const file of ["package.json", "package-lock.json"]) {
      this.edit(file, (text) => text.replace(/"version": "[^"]+"/, '"version": "1.2.3"'));
    }
    this.editManifest((manifest) => ({ ...manifest, repository: "example/metrics-runtime" }));
    this.write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n");
    this.git("init", "--quiet", "--template=", ...ON_MAIN);
    this.git("remote", "add", "origin", this.remote);
    this.commitAll();
    this.git("push", "--quiet", "origin", "main");
  }

  /** Runs `scripts/<script>` of the clone. */
  run(script: string, ...args: readonly string[]): Promise<ChildResult> {
    return runNode([join(this.folder, "scripts", script), ...args], {
      cwd: this.folder,
      env: ENVIRONMENT,
      deadlineMs: 60_000,
    });
  }

  git(...args: readonly string[]): string {
    const options = { cwd: this.folder, env: ENVIRONMENT, encoding: "utf8" } as const;
    return execFileSync("git", args, { ...options, stdio: ["ignore", "pipe", "pipe"] }).trimEnd();
  }

  commitAll(): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "A change");
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  edit(file: string, change: (text: string) => string): void {
    this.write(file, change(this.read(file)));
  }

  editManifest(change: (manifest: object) => object): void {
    this.edit("package.json", (text) => `${JSON.stringify(change(JSON.parse(text)), null, 2)}\n`);
  }

  /** Everything that a refusal must leave as it was. */
  state(): readonly string[] {
    return [
      this.git("rev-parse", "HEAD"),
      this.git("tag"),
      this.git("status", "--porcelain", "--branch"),
      this.git("diff"),
      execFileSync("git", ["for-each-ref"], { cwd: this.remote, encoding: "utf8" }),
    ];
  }
}

/** As the tree is now, committed or not; without what git ignores. */
function filesOfTree(...parts: readonly string[]): readonly string[] {
  const which = ["--cached", "--others", "--exclude-standard", "--deduplicate"];
  const listed = execFileSync("git", ["ls-files", "-z", ...which, "--", ...parts], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return listed.split("\0").filter((file) => file !== "");
}
