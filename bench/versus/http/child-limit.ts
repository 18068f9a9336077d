/** A child process that is left alone ends itself. */
import { CHILD_LIMIT_MS } from "./plan.js";

/** After its time, and when the parent is gone. */
export function limitThisProcess(): void {
  setTimeout(() => {
    console.error(`${process.argv[1]}: not finished after ${CHILD_LIMIT_MS} ms`);
    process.exit(1);
  }, CHILD_LIMIT_MS).unref();
  process.on("disconnect", () => process.exit());
}
