import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MANIFEST = join(import.meta.dirname, "..", "..", "package.json");

/** Makes of the addon in `file` one of another version: in place of this package's it has that one's, no longer. */
export function giveVersion(file: string, version: string): void {
  const { version: own } = JSON.parse(readFileSync(MANIFEST, "utf8"));
  const bytes = readFileSync(file);
  const at = bytes.indexOf(`\0${own}\0`);
  if (at === -1 || version.length > own.length) throw new Error(`${file} cannot be of ${version}`);
  bytes.write(`\0${version}\0`, at, "latin1");
  writeFileSync(file, bytes);
}
