import { type EngineName, missingPackages } from "../../../scripts/engines/installed.mjs";
import { describeWhere } from "../describe-where.js";

/** A group of tests that need engines; see `describeWhere`. */
export function describeWithEngines(
  engines: readonly EngineName[],
  name: string,
  body: () => void,
): void {
  const missing = missingPackages(engines).join(" ");
  describeWhere(missing === "" ? undefined : `apt-get install ${missing}`, name, body);
}
