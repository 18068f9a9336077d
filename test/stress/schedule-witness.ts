import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../fixtures/schedule/witness.mjs", import.meta.url));
const SHOWN = 20;

/** Keeps the last steps, and has another process tell them should this one not live to do so. */
export class Witness {
  readonly last: string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "metrics-runtime-schedule-"));
  readonly #file = openSync(join(this.#folder, "steps"), "w");
  readonly #process;

  /** @param repeat how to see it again */
  constructor(repeat: string) {
    this.#process = spawn(process.execPath, [PROGRAM, this.#folder, repeat, String(SHOWN)], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    this.#process.unref();
  }

  tell(step: string): void {
    this.last.push(step);
    if (this.last.length > SHOWN) this.last.shift();
    writeSync(this.#file, `${step}\n`);
  }

  dismiss(): void {
    closeSync(this.#file);
    rmSync(this.#folder, { recursive: true, force: true });
    this.#process.stdin.end();
  }
}
