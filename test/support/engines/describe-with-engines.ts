import { describe, test } from "vitest";
import { type EngineName, missingPackages } from "../../../scripts/engines/installed.mjs";

/**
 * A group of tests that need engines. Where one is not installed they are skipped, and the name of the group says
 * what to install; with `CI=true` that is a failure.
 */
export function describeWithEngines(
  engines: readonly EngineName[],
  name: string,
  body: () => void,
): void {
  const missing = missingPackages(engines);
  if (missing.length === 0) {
    describe(name, body);
    return;
  }
  const told = `not installed, of Debian: ${missing.join(", ")}`;
  if (process.env.CI === "true") {
    test(name, () => {
      throw new Error(`${told}; apt-get install ${missing.join(" ")}`);
    });
  } else {
    describe.skip(`${name} (${told})`, body);
  }
}
