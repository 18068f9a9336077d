/** The threads of this process as Linux sees them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

const TASKS = "/proc/self/task";

/** Elsewhere the tests that need to see threads are skipped. */
export const canSeeThreads = existsSync(TASKS);

export function threadIds(): number[] {
  return readdirSync(TASKS).map(Number);
}

export function threadExists(id: number): boolean {
  return existsSync(`${TASKS}/${id}`);
}

/** The bytes of the thread's name; `undefined` when there is no such thread. */
export function threadNameBytes(id: number): Buffer | undefined {
  try {
    const bytes = readFileSync(`${TASKS}/${id}/comm`);
    return bytes.subarray(0, bytes.length - 1); // a line end follows
  } catch {
    return undefined;
  }
}
