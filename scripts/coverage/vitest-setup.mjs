// In each process of vitest that runs a test file: it writes what V8 has counted, and ends in order when vitest ends it by
// a signal, so that gcov writes what it has counted.
import { stopCoverage, takeCoverage } from "node:v8";
import { afterAll } from "vitest";

const { exit } = process;

afterAll(() => {
  takeCoverage();
  stopCoverage();
});
process.once("SIGTERM", () => exit(0));
