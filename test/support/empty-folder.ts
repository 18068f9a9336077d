import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** `onTestFinished`, or `afterAll`. */
export type CleanUp = (remove: () => void) => void;

/** A folder of its own outside the tree; removed when the test has finished, or as it is told. */
export function emptyFolder(cleanUp: CleanUp = onTestFinished, name = "metrics-runtime-"): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), name)));
  cleanUp(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
