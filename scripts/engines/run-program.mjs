// A program that reads, says what it thinks and ends.
import { spawn } from "node:child_process";

const LIMIT_MS = 15_000;

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ input?: string | Uint8Array }} options
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export function runProgram(command, args, { input = "" } = {}) {
  const child = spawn(command, args, { stdio: "pipe", timeout: LIMIT_MS, killSignal: "SIGKILL" });
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      written[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal === null) resolve({ code, ...written });
      else reject(new Error(`${command} ${args.join(" ")} ended by ${signal}: ${written.stderr}`));
    });
    // It may end without having read everything; its code says why.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
