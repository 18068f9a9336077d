/**
 * `npm run soak -- --minutes 30 --seed 7`: starts test/soak/soak.ts in a process of its own, whose allocator and heaps
 * have their size soon; and says so when that process ends by a signal or not at all.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { soakOptions } from "./options.js";

const SOAK = fileURLToPath(new URL("./soak.js", import.meta.url));
/** Beyond the time that the process's own watchdog gives it. */
const GRACE_MS = 180_000;
/** The young generation has its size soon. */
const FLAGS = ["--max-semi-space-size=1"];
/** One arena of the C library: what is free in others is hardly ever given back. */
const ALLOCATOR = { MALLOC_ARENA_MAX: "1" };

const { seconds, seed } = soakOptions(process.argv.slice(2));
const args = [...FLAGS, SOAK, "--seconds", String(seconds), "--seed", String(seed)];
const child = spawn(process.execPath, args, {
  // A channel, so that it ends with this process.
  stdio: ["ignore", "inherit", "inherit", "ipc"],
  env: { ...process.env, ...ALLOCATOR },
});
const tooLate = setTimeout(() => child.kill("SIGKILL"), seconds * 1_000 + GRACE_MS);
child.on("exit", (code, signal) => {
  clearTimeout(tooLate);
  process.exitCode = code === 0 ? 0 : 1;
  if (signal !== null) console.log(`FAILED soak: the process was ended by ${signal}; seed ${seed}`);
});
