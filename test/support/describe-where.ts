import { describe, test } from "vitest";

/**
 * A group of tests that need something which is not everywhere. Where it is missing they are skipped, and the name
 * of the group says what to do; with `CI=true` that is a failure.
 *
 * @param missing what to do about it; undefined where it is there
 */
export function describeWhere(missing: string | undefined, name: string, body: () => void): void {
  if (missing === undefined) {
    describe(name, body);
  } else if (process.env.CI === "true") {
    test(name, () => {
      throw new Error(missing);
    });
  } else {
    // Not everybody who changes a line has an engine, an emulator and 1 GB of Node.js; CI has.
    describe.skip(`${name} (${missing})`, body);
  }
}
