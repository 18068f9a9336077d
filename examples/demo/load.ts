import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type LoadOrder, type LoadTotals, STOP_MESSAGE } from "./load-totals.js";

/** How much longer than asked for the generator may take before it is killed. */
const GRACE_MS = 15_000;

/** The load generator in its own process. */
export class Load {
  /** Its totals. Rejects when it failed, was killed or took too long. */
  readonly finished: Promise<LoadTotals>;
  readonly #process: ChildProcess;

  constructor(order: LoadOrder) {
    const program = fileURLToPath(new URL("./load-generator.js", import.meta.url));
    this.#process = fork(program, [JSON.stringify(order)]);
    this.finished = this.#outcome(order.seconds * 1_000 + GRACE_MS);
  }

  /** Asks for no further round: what is in flight gets its response, and the totals stay comparable. */
  stop(): void {
    if (this.#process.connected) {
      this.#process.send(STOP_MESSAGE);
    }
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  async #outcome(limitMs: number): Promise<LoadTotals> {
    let totals: LoadTotals | undefined;
    this.#process.once("message", (message) => {
      totals = message as LoadTotals;
    });
    const limit = setTimeout(() => this.kill(), limitMs);
    try {
      // Both: the exit may be known before the last message has been read.
      const [exit] = await Promise.all([
        once(this.#process, "exit"),
        once(this.#process, "disconnect"),
      ]);
      const [code, signal] = exit as [number | null, string | null];
      if (totals === undefined || code !== 0) {
        throw new Error(
          `the load generator ended without its totals (${signal ?? `exit code ${code}`})`,
        );
      }
      return totals;
    } finally {
      clearTimeout(limit);
    }
  }
}
