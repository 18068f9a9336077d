// In each process of vitest that runs a test file: it writes what V8 has counted, and ends in order when vitest ends it by
// a signal, so that gcov writes what it has counted. It and its child processes write that into a folder of their own:
// one that is killed while it writes spoils what is there.
import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { stopCoverage, takeCoverage } from "node:v8";
import { afterAll } from "vitest";
import { counts } from "./native.mjs";

mkdirSync(counts, { recursive: true });
process.env.GCOV_PREFIX = mkdtempSync(join(counts, "of-"));

afterAll(() => {
  takeCoverage();
  stopCoverage();
});
// Not before: while the tests run, vitest has an exit() of its own, that throws.
process.once("SIGTERM", () => process.exit(0));
