/**
 * Prometheus (Debian's `prometheus`) with a data directory of its own, which is removed at the end:
 *
 *     node scripts/engines/prometheus.mjs --target 127.0.0.1:9464 [--path /metrics] [--native-histograms]
 *         [--interval 1s] [--rules rules.yml]
 */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runUntilInterrupted, startEngine } from "./engine.mjs";

/**
 * The first scrape comes after up to 5.5 s: what it is to scrape, Prometheus hands on every 5 s.
 *
 * @param {import("./prometheus.mjs").PrometheusOptions} options
 */
export function startPrometheus({
  targets,
  nativeHistograms = false,
  interval = "1s",
  rules = [],
}) {
  // JSON is YAML.
  const config = JSON.stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: rules.map((file) => resolve(file)),
    scrape_configs: targets.map(({ job, address, path = "/metrics" }) => ({
      job_name: job,
      metrics_path: path,
      static_configs: [{ targets: [address] }],
    })),
  });
  return startEngine({
    name: "prometheus",
    listening: /"msg":"Listening on"/,
    readyPath: "/-/ready",
    command(directory, address) {
      const file = join(directory, "prometheus.yml");
      writeFileSync(file, config);
      return [
        "prometheus",
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(directory, "data")}`,
        `--web.listen-address=${address}`,
        "--log.format=json",
        ...(nativeHistograms ? ["--enable-feature=native-histograms"] : []),
      ];
    },
  });
}

/** Warnings that say nothing about what is scraped. */
const HARMLESS = [
  // The machine's limit of open files, at the start.
  /"msg":"fd_limit/,
  /"msg":"Received SIGTERM, exiting gracefully/,
  // A scrape that the end of the engine interrupts.
  /"err":"[^"]*context canceled/,
];

/**
 * What a log has that is neither debug nor information, but for what is known to be harmless.
 *
 * @param {readonly string[]} log
 */
export function warningsIn(log) {
  return log.filter(
    (line) => !/"level":"(?:debug|info)"/.test(line) && !HARMLESS.some((known) => known.test(line)),
  );
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      target: { type: "string", default: "127.0.0.1:9464" },
      path: { type: "string", default: "/metrics" },
      interval: { type: "string", default: "1s" },
      rules: { type: "string", multiple: true, default: [] },
      "native-histograms": { type: "boolean", default: false },
    },
  });
  const { target, path, interval, rules, "native-histograms": nativeHistograms } = values;
  const targets = [{ job: "target", address: target, path }];
  await runUntilInterrupted(await startPrometheus({ targets, nativeHistograms, interval, rules }));
}
