/**
 * Dispatches what was accepted when the process or worker ends by itself, by `process.exit()` or by
 * an uncaught error. One `exit` listener for each JavaScript environment, however many runtimes.
 * It only flushes: later listeners may still record.
 */

/** Runtimes of this environment that run. */
const running = new Set<{ flush(): void }>();
let listening = false;

export function flushAtExit(runtime: { flush(): void }): void {
  running.add(runtime);
  if (listening) return;
  listening = true;
  process.on("exit", () => {
    for (const one of running) one.flush();
  });
}

export function forgetAtExit(runtime: { flush(): void }): void {
  running.delete(runtime);
}
