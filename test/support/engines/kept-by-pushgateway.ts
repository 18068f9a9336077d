import { contentTypes } from "metrics-runtime";
import { put } from "../../../scripts/engines/pushgateway.mjs";
import type { PythonParser } from "../../../scripts/engines/python-parser.mjs";
import { type ExposedSample, numberOfText, sortedSamples } from "./exposed-samples.js";
import { withoutTarget } from "./scraped-samples.js";

const JOB = "rendered";
/** What it adds to each job. */
const ADDED = /^push_(?:failure_)?time_seconds$/;

/** Puts one exposition in the place of the one before; what it then has, or why it refuses. */
export async function keptByPushgateway(
  url: string,
  format: "prometheus" | "protobuf",
  bytes: Uint8Array,
  own: ReadonlySet<string>,
  python: PythonParser,
): Promise<readonly ExposedSample[]> {
  const { status, told } = await put(url, JOB, Uint8Array.from(bytes), contentTypes[format]);
  if (status !== 200) throw new Error(`refused, ${status}: ${told}`);
  const answer = await fetch(`${url}/metrics`, {
    headers: { accept: "text/plain" },
    signal: AbortSignal.timeout(5_000),
  });
  const { families, error } = await python.parse(
    "prometheus",
    new Uint8Array(await answer.arrayBuffer()),
  );
  if (error !== null) throw new Error(`what it then has is no text: ${error}`);
  const samples = families
    .flatMap((family) => family.samples)
    .filter(({ name, labels }) => labels.job === JOB && !own.has(name) && !ADDED.test(name));
  return sortedSamples(
    samples.map(({ name, labels, value }) => withoutTarget(name, labels, numberOfText(value))),
  );
}
