// `npm run release:pack`: the files of a release in out/release/: the tarball that is tested and then published,
// its bill of materials, what is new, and their SHA-256. It needs the tag and each prebuilt binary;
// `-- --rehearsal`: not the tag, nor anything new.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, sep } from "node:path";
import { parseArgs } from "node:util";
import { npm } from "../npm.mjs";
import { prebuilds } from "../prebuild/platforms.mjs";
import { isOfTheseSources } from "./addon-sources.mjs";
import { hasEntries, sectionOf } from "./changelog.mjs";
import { git, uncommittedChanges } from "./git.mjs";
import { refuse } from "./refuse.mjs";

const { values: options } = parseArgs({
  options: { rehearsal: { type: "boolean", default: false } },
});
const root = join(import.meta.dirname, "..", "..");
const out = join(root, "out", "release");
const { version, repository } = JSON.parse(read("package.json"));
const files = prebuilds.map((file) => `prebuilds/${file}`);
const news = sectionOf(read("CHANGELOG.md"), version);

const ofTheRelease = options.rehearsal
  ? []
  : [...missingTag(), ...missingNews(), ...otherRepository()];
refuse([...uncommittedChanges(), ...ofTheRelease, ...missingPrebuilds(), ...otherBinaries()]);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
npm("run", "build:library");
npm("run", "sbom");
copyFileSync(join(root, "out", "sbom.cdx.json"), join(out, "sbom.cdx.json"));
writeFileSync(join(out, "news.md"), `${news}\n`);
// One entry for each package, in a list or, of newer versions of npm, by its name.
const [tarball] = Object.values(JSON.parse(npm("pack", "--json", `--pack-destination=${out}`)));
const packed = new Map(tarball.files.map(({ path, size }) => [path, size]));
refuse(
  files
    .filter((file) => !packed.has(file))
    .map((file) => `${file} is not in the tarball: see "files" in package.json`),
);

const released = [tarball.filename, "sbom.cdx.json"];
writeFileSync(
  join(out, "SHA256SUMS"),
  released.map((file) => `${sha256(file)}  ${file}\n`).join(""),
);

for (const file of files) console.log(`${kilobytes(packed.get(file))}  ${file}`);
console.log(`${kilobytes(tarball.unpackedSize)}  unpacked, ${tarball.entryCount} files`);
console.log(`${kilobytes(tarball.size)}  ${tarball.filename}`);
process.stdout.write(readFileSync(join(out, "SHA256SUMS"), "utf8"));

function missingTag() {
  const tags = git("tag", "--points-at", "HEAD").split("\n");
  return tags.includes(`v${version}`)
    ? []
    : [
        `this is not the commit of v${version}, the version in package.json: git switch --detach v${version}`,
      ];
}

/** npm takes provenance for that repository alone. GITHUB_REPOSITORY is where the workflow runs: "owner/name". */
function otherRepository() {
  const here = process.env.GITHUB_REPOSITORY;
  const named = JSON.stringify(repository ?? "");
  if (here === undefined || named.includes(here)) return [];
  return [`package.json names the repository ${named}, and this is ${here}`];
}

function missingNews() {
  return hasEntries(news) ? [] : [`CHANGELOG.md has no entries for ${version}`];
}

function missingPrebuilds() {
  return files.flatMap((file) => {
    const how = "npm run prebuildify on that platform, or leave it to the release workflow";
    if (!existsSync(join(root, file))) return [`there is no ${file}: ${how}`];
    return isOfTheseSources(join(root, file)) ? [] : [`${file} is not of these sources: ${how}`];
  });
}

/** The loader might take one of them. */
function otherBinaries() {
  if (!existsSync(join(root, "prebuilds"))) return [];
  return readdirSync(join(root, "prebuilds"), { recursive: true, encoding: "utf8" })
    .map((file) => `prebuilds/${file.replaceAll(sep, "/")}`)
    .filter((file) => file.endsWith(".node") && !files.includes(file))
    .map((file) => `${file} is no binary of a release: remove it`);
}

function read(file) {
  return readFileSync(join(root, file), "utf8");
}

function sha256(file) {
  return createHash("sha256")
    .update(readFileSync(join(out, file)))
    .digest("hex");
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(0).padStart(6)} kB`;
}
