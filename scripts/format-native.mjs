// Formats native/ with clang-format 14 where it is installed; says so where it is not.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const native = join(import.meta.dirname, "..", "native");
const files = readdirSync(native, { recursive: true })
  .filter((file) => /\.(h|cc)$/.test(file))
  .map((file) => join(native, file));
const { status, error } = spawnSync("clang-format-14", ["-i", ...files], { stdio: "inherit" });
if (error !== undefined) console.warn(`clang-format-14 is not installed: native/ left as it is`);
process.exitCode = error === undefined ? status : 0;
