/** Ends the process, for the threads that it watches may not be able to: see hearts.ts. */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { Hearts, type WatchOptions } from "./hearts.js";

const LOOK_EVERY_MS = 500;

const { names, memory, seed, silenceMs, wholeMs } = workerData as WatchOptions;
const hearts = new Hearts(names, memory);
const begin = performance.now();
const seen = new Map<string, { beats: number; at: number }>();

function give(up: string): never {
  writeSync(1, `FAILED soak: ${up}; seed ${seed}\n`);
  process.kill(process.pid, "SIGKILL");
  throw new Error("killed");
}

setInterval(() => {
  const now = performance.now();
  const alive = hearts.look();
  for (const { name, beats, doing } of alive) {
    const last = seen.get(name);
    if (last?.beats !== beats) seen.set(name, { beats, at: now });
    else if (now - last.at > silenceMs) {
      give(`${name} hangs: its event loop was silent for ${silenceMs / 1_000} s while ${doing}`);
    }
  }
  if (now - begin > wholeMs) {
    const told = alive.map(({ name, doing }) => `${name} is ${doing}`).join(", ");
    give(`it has not ended after ${Math.round(wholeMs / 1_000)} s: ${told}`);
  }
}, LOOK_EVERY_MS);
