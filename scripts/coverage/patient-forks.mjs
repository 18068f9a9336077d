// Processes of vitest that run a test file, which may take their time to end: while they do, gcov writes what it counted.
// Vitest gives them half a second.
import { ForksPoolWorker } from "vitest/node";

const PATIENCE_MS = 30_000;

class PatientForks extends ForksPoolWorker {
  async start() {
    await super.start();
    const { fork } = this;
    const kill = fork.kill.bind(fork);
    fork.kill = (signal) => {
      if (signal !== "SIGKILL") return kill(signal);
      const last = setTimeout(() => {
        console.error(`killed, and its counts lost: it has not ended within ${PATIENCE_MS} ms`);
        kill(signal);
      }, PATIENCE_MS);
      fork.once("exit", () => clearTimeout(last));
      return true;
    };
  }
}

/** For vitest's `pool`; "forks" would be vitest's own. */
export const patientForks = {
  name: "patient-forks",
  createPoolWorker: (options) => new PatientForks(options),
};
