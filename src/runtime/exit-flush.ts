/**
 * Dispatches what was accepted when the process or worker ends by itself, by `process.exit()` or by
 * an uncaught error. One `exit` listener for each JavaScript environment, however many runtimes.
 * It only flushes: later listeners may still record.
 */
import type { NativeRuntime } from "../native/boundary.js";
import { runtimeStateAt } from "../native/failures.js";
import { MetricsRuntimeState } from "./runtime-state.js";

type Flushable = Pick<NativeRuntime, "flush" | "state">;

/** Runtimes that this environment uses and that run. */
const running = new Set<Flushable>();
let listening = false;

export function flushAtExit(runtime: Flushable): void {
  // Those that another thread has shut down.
  for (const one of running) {
    if (runtimeStateAt(one.state()) !== MetricsRuntimeState.RUNNING) running.delete(one);
  }
  running.add(runtime);
  if (listening) return;
  listening = true;
  process.on("exit", () => {
    for (const one of running) one.flush();
  });
}

export function forgetAtExit(runtime: Flushable): void {
  running.delete(runtime);
}
