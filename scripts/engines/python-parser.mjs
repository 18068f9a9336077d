// The parsers of prometheus_client, in one Python for as many documents as there are.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pythonWithPrometheusClient } from "./installed.mjs";

const ANSWER_MS = 15_000;

/** Ends when it is stopped, and by itself when whoever started it is gone: its input ends then. */
export function startPythonParser() {
  const python = pythonWithPrometheusClient();
  if (python === undefined) throw new Error("python3-prometheus-client is not installed");
  const program = join(import.meta.dirname, "parse_exposition.py");
  const child = spawn(python, [program, "--serve"], { stdio: "pipe" });
  /** Of documents that are not answered yet, in their order. */
  const waiting = [];
  let stderr = "";
  let ended = false;
  const closed = new Promise((resolve) => {
    child.on("close", (code) => {
      ended = true;
      for (const { reject } of waiting.splice(0)) reject(endedEarly(code));
      resolve();
    });
  });
  const endedEarly = (code) => new Error(`the Python parser ended with ${code}: ${stderr}`);
  child.on("error", (error) => {
    stderr += error.message;
  });
  child.stdin.on("error", () => {});
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    waiting.shift()?.resolve(JSON.parse(line));
  });

  return {
    pid: child.pid,
    parse(format, exposition) {
      if (ended) return Promise.reject(endedEarly(child.exitCode));
      const bytes = typeof exposition === "string" ? Buffer.from(exposition) : exposition;
      return new Promise((resolve, reject) => {
        const tooLate = setTimeout(() => child.kill("SIGKILL"), ANSWER_MS);
        waiting.push({
          resolve(answer) {
            clearTimeout(tooLate);
            resolve(answer);
          },
          reject(error) {
            clearTimeout(tooLate);
            reject(error);
          },
        });
        child.stdin.write(`${format} ${bytes.length}\n`);
        child.stdin.write(bytes);
      });
    },
    async stop() {
      child.stdin.end();
      const tooLate = setTimeout(() => child.kill("SIGKILL"), ANSWER_MS);
      await closed;
      clearTimeout(tooLate);
    },
  };
}
