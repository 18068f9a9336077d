/** Instructions of every native benchmark, as `npm run test:native` compiles them. */
import { join } from "node:path";
import { countInstructions } from "../native/callgrind.js";
import { PROGRAMS, pathOf } from "../native/programs.js";

const BUILD = join("out", "native-tests");

export async function measureInstructions(): Promise<ReadonlyMap<string, number>> {
  const rows = new Map<string, number>();
  for (const program of PROGRAMS) {
    for (const [name, instructions] of await countInstructions(pathOf(BUILD, program))) {
      rows.set(`${program}, ${name}, instructions`, instructions);
    }
  }
  return rows;
}
