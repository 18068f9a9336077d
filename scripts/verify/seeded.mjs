// `npm run verify:seeded`: each bug of test/seeded-bugs/ is put into a copy of the tree, and its check must fail with
// a line that names what broke. `-- --only fuzz/names`: those whose names begin so.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { failed, figure, root, run } from "./command.mjs";
import { seededBugs } from "./seeded-bugs.mjs";

const LIMIT_MS = 20 * 60_000;

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
const bugs = seededBugs().filter(({ name }) => name.startsWith(values.only));
if (bugs.length === 0) failed("seeded bugs", `none begins with ${values.only}`);

const tree = join(mkdtempSync(join(tmpdir(), "metrics-runtime-seeded-")), "tree");
process.on("exit", () => rmSync(dirname(tree), { recursive: true, force: true }));
copyTree();
for (const bug of bugs) await expectFound(bug);
figure("seeded bugs", "sown", bugs.length);

/** The files that git knows, as they are here; with what is installed here. */
function copyTree() {
  const state = git(root, "stash", "create") || "HEAD";
  git(root, "clone", "--quiet", "--shared", "--no-checkout", root, tree);
  git(tree, "checkout", "--quiet", "--detach", git(root, "rev-parse", state));
  const folders = ["", ...readdirSync(join(root, "scripts")).map((name) => join("scripts", name))];
  for (const folder of folders) {
    const modules = join(folder, "node_modules");
    if (existsSync(join(root, modules)) && existsSync(join(tree, folder))) {
      symlinkSync(join(root, modules), join(tree, modules));
    }
  }
}

/** @param {import("./seeded-bugs.mjs").SeededBug} bug */
async function expectFound({ name, file, what, check, names }) {
  git(tree, "apply", file);
  let found = "";
  const begun = performance.now();
  const { ok, how } = await run(["bash", "-c", `cd "${tree}" && ${check}`], {
    // Of the copy, not of whoever runs this.
    env: { CCACHE_BASEDIR: tree, METRICS_RUNTIME_PREBUILD: undefined },
    limitMs: LIMIT_MS,
    quiet: true,
    onLine: (line) => {
      if (found === "" && names.test(line)) found = line.trim();
    },
  });
  git(tree, "apply", "--reverse", file);
  const seconds = Math.round((performance.now() - begun) / 1_000);
  if (ok) failed("seeded bugs", `${name}: its check passes (${check})`);
  else if (found === "")
    failed("seeded bugs", `${name}: its check fails (${how}) and names nothing like ${names}`);
  else figure("seeded bugs", `${name}: ${what} (${seconds} s)`, found);
}

function git(/** @type {string} */ cwd, /** @type {string[]} */ ...args) {
  return execFileSync("git", args, { cwd, encoding: "utf8" }).trim();
}
