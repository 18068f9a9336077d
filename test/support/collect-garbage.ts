import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A full collection, without a command-line switch. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
}
