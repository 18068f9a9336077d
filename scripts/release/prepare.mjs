// `npm run release -- 1.2.0|patch|minor|major`: version, changelog, commit and tag, here and only here.
// Pushing them, which it leaves to you, starts the workflow that builds and publishes; see docs/releasing.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { npm } from "../npm.mjs";
import { hasEntries, released, sectionOf } from "./changelog.mjs";
import { git, uncommittedChanges } from "./git.mjs";
import { refuse } from "./refuse.mjs";

const root = join(import.meta.dirname, "..", "..");
const changelogFile = join(root, "CHANGELOG.md");
const changelog = readFileSync(changelogFile, "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const version = versionFrom(process.argv.slice(2));
const tag = `v${version}`;
refuse([
  ...uncommittedChanges(),
  ...wrongBranch(),
  ...wrongVersion(),
  ...emptyChangelog(),
  ...unknownRepository(),
]);

const before = git("rev-parse", "HEAD");
try {
  npm("version", version, "--no-git-tag-version", "--allow-same-version");
  const today = new Date().toISOString().slice(0, "2000-01-01".length);
  writeFileSync(changelogFile, released(changelog, version, today));
  git("commit", "--all", "--message", `Release ${version}`);
  git("tag", "--annotate", tag, "--message", `metrics-runtime ${version}`);
} catch (error) {
  // There was nothing uncommitted that this could lose.
  git("reset", "--hard", before);
  refuse([`nothing was changed, since ${error.message}`]);
}
console.log(`${tag} is here. To build, test and publish it: git push --atomic origin main ${tag}`);

function versionFrom(args) {
  const [wanted = ""] = args;
  const found = ["patch", "minor", "major"].includes(wanted)
    ? semver.inc(manifest.version, wanted)
    : semver.valid(wanted);
  if (args.length !== 1 || found === null || semver.prerelease(found) !== null) {
    refuse(["say which version: npm run release -- patch, minor, major or one like 1.2.0"]);
  }
  return found;
}

function wrongBranch() {
  const branch = git("branch", "--show-current");
  return branch === "main"
    ? []
    : [`this is ${branch || "no branch"}, releases are made on main: git switch main`];
}

function wrongVersion() {
  const problems = [];
  // The same: one that was never tagged, such as the first.
  if (semver.lt(version, manifest.version)) {
    problems.push(`${version} is below ${manifest.version}, which package.json has`);
  }
  if (git("tag", "--list", tag) !== "") {
    problems.push(`there is a tag ${tag} already: choose a higher version`);
  } else {
    try {
      if (git("ls-remote", "--tags", "origin", tag) !== "") {
        problems.push(`origin has a tag ${tag} already: choose a higher version`);
      }
    } catch (error) {
      problems.push(`origin cannot be asked for its tags, see git remote -v: ${error.message}`);
    }
  }
  return problems;
}

function emptyChangelog() {
  return hasEntries(sectionOf(changelog, "Unreleased"))
    ? []
    : ['CHANGELOG.md has no entries under "Unreleased": write there what is new for users'];
}

function unknownRepository() {
  return manifest.repository === undefined
    ? ["package.json names no repository, without which npm takes no provenance: add it"]
    : [];
}
