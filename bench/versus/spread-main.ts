/** `npm run bench:spread -- one.json two.json three.json`: reports of `bench:versus -- --json` side by side. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Report } from "./report.js";
import { spreadTables } from "./spread.js";

try {
  const { positionals } = parseArgs({ allowPositionals: true, options: {} });
  if (positionals.length === 0) throw new Error("which reports? name the files of --json");
  const reports = positionals.map((file) => JSON.parse(readFileSync(file, "utf8")) as Report);
  console.log(spreadTables(reports).join("\n\n"));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
