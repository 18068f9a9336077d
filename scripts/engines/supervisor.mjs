/**
 * Runs one engine for as long as whoever started it lives, and removes its directory afterwards. The one who
 * started it may be killed in any way: the channel to it is closed then, and that is what ends the engine.
 * In a process group of its own, so that Ctrl-C does not end it before it has cleaned up.
 *
 *     fork("supervisor.mjs", [directory, command, ...arguments])
 */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";

const GRACE_MS = 5_000;

const [directory, command, ...args] = process.argv.slice(2);
const engine = spawn(command, args, { cwd: directory, stdio: ["ignore", "inherit", "inherit"] });
let stopping = false;

function stop() {
  if (stopping) return;
  stopping = true;
  engine.kill("SIGTERM");
  setTimeout(() => engine.kill("SIGKILL"), GRACE_MS).unref();
}

/** @param {object} end what the engine ended with */
function finish(end) {
  rmSync(directory, { recursive: true, force: true });
  if (process.connected) process.send({ end }, () => process.exit());
  else process.exit();
}

engine.on("spawn", () => process.connected && process.send({ pid: engine.pid }));
engine.on("error", (error) => finish({ error: error.message }));
engine.on("exit", (code, signal) => finish({ code, signal }));
process.on("message", stop);
process.on("disconnect", stop);
// What the engine still writes to somebody who is gone is of no interest.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE"]) process.on(signal, stop);
