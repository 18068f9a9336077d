import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Engine, startEngine } from "../../scripts/engines/engine.mjs";
import { startPrometheus, warningsIn } from "../../scripts/engines/prometheus.mjs";
import { checkConfig, checkMetrics } from "../../scripts/engines/promtool.mjs";
import { put, remove, startPushgateway } from "../../scripts/engines/pushgateway.mjs";
import { startPythonParser } from "../../scripts/engines/python-parser.mjs";
import { runNode } from "../support/child-process.js";
import { describeWithEngines } from "../support/engines/describe-with-engines.js";
import { waitUntil } from "../support/wait-until.js";

const ENGINES = join(import.meta.dirname, "..", "..", "scripts", "engines");

function runs(pid: number | undefined): boolean {
  if (pid === undefined) throw new Error("it had no process");
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The processes that were told of a directory. */
function processesWith(directory: string): readonly string[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, "utf8").includes(directory);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

async function expectStops(engine: Engine): Promise<void> {
  onTestFinished(() => engine.stop());
  expect([runs(engine.pid), existsSync(engine.directory)]).toEqual([true, true]);
  await engine.stop();
  expect([runs(engine.pid), existsSync(engine.directory)]).toEqual([false, false]);
  await expect(fetch(engine.url)).rejects.toThrow("fetch failed");
  await engine.stop();
}

describeWithEngines(["prometheus"], "Prometheus", () => {
  test("leaves neither process, port nor files when it is stopped", async () => {
    await expectStops(await startPrometheus({ targets: [] }));
  });

  test("runs twice at the same time", async () => {
    const both = await Promise.all([1, 2].map(() => startPrometheus({ targets: [] })));
    onTestFinished(async () => {
      await Promise.all(both.map((engine) => engine.stop()));
    });
    expect(new Set(both.map(({ url }) => url)).size).toBe(2);
    expect(new Set(both.map(({ directory }) => directory)).size).toBe(2);
  });

  test("tells why it does not start, and leaves neither process nor files", async () => {
    const directory = mkdtempSync(join(tmpdir(), "metrics-runtime-engines-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    vi.stubEnv("TMPDIR", directory);
    onTestFinished(() => void vi.unstubAllEnvs());
    const good = await startPrometheus({ targets: [] });
    onTestFinished(() => good.stop());
    // What is looked for below can be found.
    expect([processesWith(directory).length, readdirSync(directory).length]).toEqual([2, 1]);
    await good.stop();
    const started = startPrometheus({ targets: [], rules: [import.meta.filename] });
    await expect(started).rejects.toThrow(/prometheus ended.*before it was ready[\s\S]*loading/i);
    expect([processesWith(directory), readdirSync(directory)]).toEqual([[], []]);
  });

  test.each(["SIGTERM", "SIGINT", "SIGKILL"] as const)(
    "ends when who started it ends by %s",
    async (signal) => {
      let pid: number | undefined;
      let directory = "";
      const program = `
        import { startPrometheus } from ${JSON.stringify(join(ENGINES, "prometheus.mjs"))};
        const { pid, directory } = await startPrometheus({ targets: [] });
        console.log(JSON.stringify({ pid, directory }));`;
      const result = await runNode(["--input-type=module", "-e", program], {
        deadlineMs: 20_000,
        onStdout(stdout, kill) {
          if (!stdout.endsWith("\n")) return;
          ({ pid, directory } = JSON.parse(stdout));
          kill(signal);
        },
      });
      expect(result.signal).toBe(signal);
      await waitUntil(
        () => !runs(pid) && !existsSync(directory),
        () => ({ runs: runs(pid), directory: existsSync(directory) }),
      );
    },
  );

  test("is started by hand until Ctrl-C", async () => {
    const program = join(ENGINES, "prometheus.mjs");
    const { code, stdout, stderr } = await runNode(
      [program, "--target", "127.0.0.1:9", "--native-histograms"],
      {
        deadlineMs: 20_000,
        onStdout: (stdout, kill) => stdout.includes("Ctrl-C") && kill("SIGINT"),
      },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^prometheus, pid \d+: http:\/\/127\.0\.0\.1:\d+\n/);
    expect(stderr).toContain("See you next time!");
  });
});

describeWithEngines(["pushgateway"], "the Pushgateway", () => {
  test("leaves neither process, port nor files when it is stopped", async () => {
    await expectStops(await startPushgateway());
  });

  test("keeps what is put until it is deleted, and refuses what is wrong", async () => {
    const { url, stop } = await startPushgateway();
    onTestFinished(stop);
    const kept = async () => /^a_total.*$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[0];
    expect(await put(url, "a/b", "# TYPE a_total counter\na_total 1\n")).toEqual({
      status: 200,
      told: "",
    });
    expect(await kept()).toBe('a_total{instance="",job="a/b"} 1');
    expect(await put(url, "a/b", "a_total\n")).toMatchObject({
      status: 400,
      told: expect.stringContaining("text format parsing error in line 1"),
    });
    expect(await remove(url, "a/b")).toMatchObject({ status: 202 });
    const deadline = performance.now() + 5_000;
    while ((await kept()) !== undefined && performance.now() < deadline) await delay(10);
    expect(await kept()).toBeUndefined();
  });
});

describeWithEngines(["promtool"], "promtool", () => {
  test("counts bad practice as a failure, but for names that the application chose", async () => {
    const text =
      "# TYPE wait_ms gauge\nwait_ms 1\n# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n";
    const problem = 'a_total non-counter metrics should not have "_total" suffix';
    expect(await checkMetrics(text)).toEqual({ code: 3, problems: [problem] });
    const strict = await checkMetrics(text, { strict: true });
    expect(strict.problems).toContain("wait_ms no help text");
    expect(strict.problems).toContain(problem);
  });

  test("tells of a file that it cannot read", async () => {
    const { code, stderr } = await checkConfig("no-such-file.yml");
    expect(code).not.toBe(0);
    expect(stderr).toContain("no-such-file.yml");
  });
});

describeWithEngines(["python"], "the Python parser", () => {
  test("reads thousands of documents one after the other in one process", async () => {
    const python = startPythonParser();
    onTestFinished(() => python.stop());
    const documents = Array.from(
      { length: 5_000 },
      (_, n) =>
        `# TYPE a counter\na_total{n="${n}",x="é\\n"} ${n / 7}\n# ${n % 10 === 0 ? "END" : "EOF"}\n`,
    );
    const parsed = await Promise.all(
      documents.map((document) => python.parse("openmetrics", document)),
    );
    for (const [n, { families, error }] of parsed.entries()) {
      if (n % 10 === 0) expect(error).toMatch(/^ValueError: /);
      else {
        const [sample] = families[0]?.samples ?? [];
        expect([sample?.labels, sample?.value]).toEqual([{ n: String(n), x: "é\n" }, n / 7]);
      }
    }
  });

  test("ends when it is stopped, and then reads no more", async () => {
    const python = startPythonParser();
    await python.stop();
    expect(runs(python.pid)).toBe(false);
    await expect(python.parse("prometheus", "a 1\n")).rejects.toThrow(
      "the Python parser ended with 0",
    );
  });
});

test("an engine that does not listen is not ready, though somebody else answers on its port", async () => {
  const servers: Server[] = [];
  onTestFinished(() => {
    for (const server of servers) server.close();
  });
  const started = startEngine({
    name: "silent",
    listening: /listens/,
    readyPath: "/-/ready",
    command(_directory, address) {
      const other = createServer((_, response) => response.end());
      servers.push(other.listen(Number(address.split(":")[1]), "127.0.0.1"));
      return [process.execPath, "-e", "setTimeout(() => {}, 1_000)"];
    },
  });
  onTestFinished(async () => {
    await started.then(
      (engine) => engine.stop(),
      () => {},
    );
  });
  await expect(started).rejects.toThrow(/silent ended.*before it was ready/);
});

test("what is not installed is known by its Debian package", async () => {
  const program = `
    import { missingPackages } from ${JSON.stringify(join(ENGINES, "installed.mjs"))};
    console.log(missingPackages(["promtool", "prometheus", "pushgateway"]).join(" "));`;
  const env = { ...process.env, PATH: import.meta.dirname };
  const { stdout } = await runNode(["--input-type=module", "-e", program], { env });
  expect(stdout).toBe("prometheus prometheus-pushgateway\n");
});

describe("a log", () => {
  test("has as warnings what is neither information nor known to be harmless", () => {
    const harmless = [
      '{"level":"info","msg":"Listening on"}',
      '{"level":"debug","msg":"x"}',
      '{"level":"warn","msg":"Received SIGTERM, exiting gracefully..."}',
    ];
    const harmful = [
      '{"level":"warn","msg":"Error on ingesting out-of-order samples"}',
      '{"level":"error","msg":"x"}',
      "panic: runtime error",
    ];
    expect(warningsIn([...harmless, ...harmful])).toEqual(harmful);
  });
});
