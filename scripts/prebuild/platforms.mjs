// What platforms.json says: the files that a release holds, and the newest glibc that they may ask for.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const { prebuilds, glibcFloor } = JSON.parse(
  readFileSync(join(import.meta.dirname, "platforms.json"), "utf8"),
);
