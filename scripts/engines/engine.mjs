// A program that serves HTTP on loopback until it is stopped: its port, its log, its end.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const READY_MS = 20_000;
const STOP_MS = 10_000;
const POLL_MS = 25;
const TRIES = 3;

/**
 * Starts an engine on a free port and waits until it says that it is ready: first in its log that it listens, then over
 * HTTP.
 *
 * @param {object} what
 * @param {string} what.name
 * @param {(directory: string, address: string) => string[]} what.command the program and its arguments; may
 *   write files into the directory, which is removed when the engine has ended
 * @param {RegExp} what.listening a line that it logs once it has its port
 * @param {string} what.readyPath answers 200 when it is ready
 */
export async function startEngine({ name, command, listening, readyPath }) {
  for (let tries = 1; ; tries++) {
    const address = `127.0.0.1:${await freePort()}`;
    const directory = mkdtempSync(join(tmpdir(), `metrics-runtime-${name}-`));
    const engine = supervise(name, directory, address, command);
    try {
      await becomesReady(engine, listening, readyPath);
      return engine;
    } catch (error) {
      await engine.stop();
      // Somebody else took the port between our looking for it and the engine's taking it.
      const taken = engine.log.some((line) => line.includes("address already in use"));
      if (!taken || tries === TRIES) throw error;
    }
  }
}

function supervise(name, directory, address, command) {
  let child;
  try {
    const supervisor = join(import.meta.dirname, "supervisor.mjs");
    child = fork(supervisor, [directory, ...command(directory, address)], {
      detached: true,
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  const engine = {
    name,
    url: `http://${address}`,
    directory,
    /** Of the engine itself; undefined until it runs. @type {number | undefined} */
    pid: undefined,
    /** What it has written, line by line. @type {string[]} */
    log: [],
    /** How it ended; undefined while it runs. @type {object | undefined} */
    end: undefined,
    stop,
    [Symbol.asyncDispose]: stop,
  };
  collectLines(child.stdout, engine.log);
  collectLines(child.stderr, engine.log);
  child.on("message", ({ pid, end }) => {
    if (pid !== undefined) engine.pid = pid;
    if (end !== undefined) engine.end = end;
  });
  // "close" comes when the engine too has closed its ends of the pipes, so the log is whole.
  const closed = new Promise((resolve) => {
    child.on("close", (code, signal) => {
      engine.end ??= { code, signal };
      rmSync(directory, { recursive: true, force: true });
      resolve();
    });
  });

  /** Ends it and waits until it has ended, at most 10 s; may be called again. */
  async function stop() {
    // Not disconnect(): after it Node may never say "close".
    if (child.connected) child.send("stop", () => {});
    const limit = new AbortController();
    const ended = await Promise.race([
      closed.then(() => true),
      delay(STOP_MS, false, { signal: limit.signal }).catch(() => false),
    ]);
    limit.abort();
    if (ended) return;
    for (const pid of [engine.pid, child.pid]) kill(pid);
    throw new Error(`${name} did not stop within ${STOP_MS} ms: ${engine.log.join("\n")}`);
  }
  return engine;
}

async function becomesReady(engine, listening, readyPath) {
  const end = performance.now() + READY_MS;
  for (;;) {
    if (engine.end !== undefined) {
      const told = JSON.stringify(engine.end);
      throw new Error(
        `${engine.name} ended, ${told}, before it was ready: ${engine.log.join("\n")}`,
      );
    }
    if (performance.now() > end) {
      throw new Error(
        `${engine.name} was not ready within ${READY_MS} ms: ${engine.log.join("\n")}`,
      );
    }
    const status = await fetch(engine.url + readyPath, { signal: AbortSignal.timeout(1_000) }).then(
      (answer) => answer.body?.cancel().then(() => answer.status),
      () => undefined,
    );
    // It listens, so it is ours that answers, and not another one that was given the same free port.
    const listens = engine.log.some((line) => listening.test(line));
    if (status === 200 && listens && engine.end === undefined) return;
    await delay(POLL_MS);
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function collectLines(stream, lines) {
  let begun = "";
  stream.setEncoding("utf8").on("data", (text) => {
    const whole = (begun + text).split("\n");
    begun = whole.pop() ?? "";
    lines.push(...whole);
  });
  stream.on("end", () => begun !== "" && lines.push(begun));
}

function kill(pid) {
  try {
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

/** For use by hand: prints the log as it comes, until Ctrl-C. */
export async function runUntilInterrupted(engine) {
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      interrupted = true;
    });
  }
  console.log(`${engine.name}, pid ${engine.pid}: ${engine.url}\nCtrl-C ends it.`);
  let printed = 0;
  const print = () => {
    for (; printed < engine.log.length; printed++) console.error(engine.log[printed]);
  };
  for (; !interrupted && engine.end === undefined; print()) await delay(POLL_MS);
  await engine.stop();
  print();
}
