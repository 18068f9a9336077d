import { contentTypes } from "metrics-runtime";
import { warningsIn } from "../../../scripts/engines/prometheus.mjs";
import { checkMetrics } from "../../../scripts/engines/promtool.mjs";
import { put, remove } from "../../../scripts/engines/pushgateway.mjs";
import type { PythonParser } from "../../../scripts/engines/python-parser.mjs";
import type { Exposition } from "./exposition-server.js";
import { PrometheusApi } from "./prometheus-api.js";

export type OracleName = "prometheus" | "promtool" | "pushgateway" | "python";

/** What the engines have against one exposition, each in its own words; those without objection are not there. */
export type Objections = Partial<Record<OracleName, string>>;

export interface Oracles {
  readonly prometheus: { readonly url: string; readonly log: readonly string[] };
  readonly pushgateway: { readonly url: string };
  readonly python: PythonParser;
}

/**
 * Asks every engine that reads the format of an exposition.
 *
 * @param job of Prometheus, which scrapes the exposition already
 */
export async function objectionsTo(
  { format, body }: Exposition,
  job: string,
  { prometheus, pushgateway, python }: Oracles,
): Promise<Objections> {
  const text = typeof body === "string" ? body : undefined;
  const all: Record<OracleName, Promise<string> | undefined> = {
    prometheus: objectionOfPrometheus(prometheus, job),
    promtool: format === "prometheus" && text !== undefined ? objectionOfPromtool(text) : undefined,
    pushgateway:
      format === "openmetrics"
        ? undefined
        : objectionOfPushgateway(pushgateway.url, job, body, format, python),
    python: format === "protobuf" ? undefined : objectionOfPython(python, format, body),
  };
  const told = await Promise.all(
    Object.entries(all).map(async ([name, objection]) => [name, await objection] as const),
  );
  return Object.fromEntries(
    told.filter(([, objection]) => objection !== undefined && objection !== ""),
  );
}

async function objectionOfPrometheus({ url, log }: Oracles["prometheus"], job: string) {
  const api = new PrometheusApi(url);
  const { up, time, samples } = await api.scraped(job);
  if (!up) return (await api.targets()).find((target) => target.job === job)?.lastError ?? "down";
  // It also takes a part of an exposition and warns.
  const pool = `"scrape_pool":${JSON.stringify(job)}`;
  const warning = warningsIn(log).find((line) => line.includes(pool));
  if (warning !== undefined) return warning;
  // Of a series that comes twice it keeps one, without a word.
  const kept = (await api.exposed(job, time)).length;
  return kept === samples ? "" : `of ${samples} samples it keeps ${kept}`;
}

async function objectionOfPromtool(text: string): Promise<string> {
  return (await checkMetrics(text, { strict: true })).problems.join("; ");
}

async function objectionOfPushgateway(
  url: string,
  job: string,
  body: Exposition["body"],
  format: "prometheus" | "protobuf",
  python: PythonParser,
): Promise<string> {
  const bytes = typeof body === "string" ? body : Uint8Array.from(body);
  const { status, told } = await put(url, job, bytes, contentTypes[format]);
  if (status !== 200) return told;
  // What it makes of it in the text format: the buckets of a histogram it looks at not at all.
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) });
  const { error } = await python.parse("prometheus", await answer.text());
  await remove(url, job);
  return error ?? "";
}

async function objectionOfPython(
  python: PythonParser,
  format: "prometheus" | "openmetrics",
  body: Exposition["body"],
): Promise<string> {
  return (await python.parse(format, body)).error ?? "";
}
