import { execFileSync } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type CleanUp, emptyFolder } from "./empty-folder.js";

/** What npm itself needs. */
const BASICS = ["node", "npm", "sh"];

/** A `PATH` on which there is nothing but Node, npm, a shell and these tools. Not on Windows. */
export function pathOf(tools: readonly string[], cleanUp?: CleanUp): string {
  const folder = emptyFolder(cleanUp);
  for (const tool of [...BASICS, ...tools]) symlinkSync(placeOf(tool), join(folder, tool));
  return folder;
}

function placeOf(tool: string): string {
  if (tool === "node") return process.execPath;
  // What is called python3 may be a script that chooses one of several, and needs more than itself.
  if (tool === "python3") {
    const program = "import sys; print(sys.executable)";
    return execFileSync("python3", ["-c", program], { encoding: "utf8" }).trim();
  }
  const places = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, tool));
  const place = places.find((file) => existsSync(file));
  if (place === undefined) throw new Error(`this test needs ${tool}`);
  return place;
}
