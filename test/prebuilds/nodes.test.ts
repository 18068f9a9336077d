import { join } from "node:path";
import { expect, test } from "vitest";
import { isInstalled, NODES } from "../../scripts/nodes/nodes.mjs";
import { runProgram } from "../support/child-process.js";
import { describeWhere } from "../support/describe-where.js";
import { GLIBC_PREBUILDS, missingPrebuilds } from "../support/prebuilds.js";

const ROOT = join(import.meta.dirname, "..", "..");
const PROGRAM = join(ROOT, "test", "fixtures", "every-room.mjs");
/** Of each thread of the program. */
const EVENTS = 20_000;
const THREADS = 3;
/** Emulated it takes 10 s. */
const LIMIT_MS = 90_000;

for (const node of NODES) {
  const missing =
    missingPrebuilds() ??
    (isInstalled(node) ? undefined : "node scripts/install-dependencies-of.mjs scripts/nodes");
  describeWhere(missing, `on Node ${node.version}, ${node.arch}`, () => {
    test(
      "the prebuilt binary does all its work, and every event is counted once",
      async () => {
        const [command = "", ...args] = node.command;
        const { code, signal, stdout, stderr } = await runProgram(command, [...args, PROGRAM], {
          env: { ...process.env, METRICS_RUNTIME_PREBUILD: ROOT, PREBUILDS_ONLY: "1" },
          deadlineMs: LIMIT_MS,
        });
        expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: "" });
        const { node: version, tails, ...told } = JSON.parse(stdout);
        expect(`${version}.`.startsWith(`${node.version}.`)).toBe(true);
        const all = EVENTS * THREADS;
        expect(told).toEqual({
          arch: node.arch,
          addons: [GLIBC_PREBUILDS.find(({ arch }) => arch === node.arch)?.path],
          accepted: EVENTS,
          stats: { offered: all, dispatched: all, dropped: 0 },
          done: { total: all, ms: all * 49.5, places: 10 },
          ticks: all,
          lines: [`smoke_done_total{recorder="a"} ${all}`],
          handled: 100,
          refused: "ERR_METRICS_RUNTIME_RECORDER_ALREADY_EXISTS",
        });
        // Where stores may be seen in another order, each event is published by Atomics.store.
        if (node.arch === "x64") expect(tails).toBeLessThan(EVENTS / 10);
        else expect(tails).toBeGreaterThanOrEqual(EVENTS);
      },
      LIMIT_MS,
    );
  });
}
