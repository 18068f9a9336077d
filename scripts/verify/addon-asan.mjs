// `npm run test:addon-asan`: the tests of behaviour with an addon that has AddressSanitizer and
// UndefinedBehaviorSanitizer, in an ordinary Node.js, into which the sanitizer's library is loaded first. What
// follows `--` goes to vitest. Linux, GCC.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildAsanAddon, inAsan } from "./asan-addon.mjs";
import { failed, figure, root, run } from "./command.mjs";

const CHECK = "tests of behaviour, addon with AddressSanitizer and UndefinedBehaviorSanitizer";
const FOUND = /SUMMARY: (?:Address|UndefinedBehavior)Sanitizer: .*|runtime error: .*/;
/** Of each process that the sanitizer ends: a test may keep what its program wrote to itself. */
const reports = join(root, "out", "sanitized", "reports");

if (!(await buildAsanAddon())) failed(CHECK, "it does not compile");
else await test();

async function test() {
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const vitest = ["node", "node_modules/vitest/vitest.mjs", "run", "--project=behaviour"];
  let tests = "0";
  const onLine = (/** @type {string} */ line) => {
    const [, passed] = /Tests .*?(\d+) passed/.exec(line) ?? [];
    if (passed !== undefined) tests = passed;
  };
  // Freed memory is kept for a while to see who still reads it: little of it, since tests look at sizes.
  const options = { detect_leaks: "0", quarantine_size_mb: "16", log_path: join(reports, "of") };
  const { ok, how } = await run(
    [...vitest, "--typecheck.enabled=false", "--testTimeout=80000", ...process.argv.slice(2)],
    {
      env: { ...inAsan(options), METRICS_RUNTIME_TEST_PATIENCE: "4", NO_COLOR: "1" },
      onLine,
    },
  );
  const found = readdirSync(reports).map((report) => {
    const [told] = FOUND.exec(readFileSync(join(reports, report), "utf8")) ?? [
      "a report without a summary",
    ];
    return told;
  });
  for (const told of new Set(found)) failed(CHECK, told);
  if (!ok) failed(CHECK, how);
  figure(CHECK, "tests passed", tests);
  figure(CHECK, "reports", found.length);
}
