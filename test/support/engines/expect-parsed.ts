/** Whether Python's strict parsers make of the text formats what snapshots say. */
import { expect } from "vitest";
import type { ParsedFamily, PythonParser } from "../../../scripts/engines/python-parser.mjs";
import type { ExposedFamily } from "./exposed-families.js";
import { saidUnit } from "./exposed-names.js";
import {
  type ExposedSample,
  exposedSample,
  exposedSamples,
  numberOfText,
  sortedSamples,
} from "./exposed-samples.js";
import { byName, expectBegun, type Known, typeName } from "./rendered-document.js";

type TextFormat = "openmetrics" | "prometheus";

export async function expectParsed(
  python: PythonParser,
  format: TextFormat,
  bytes: Uint8Array,
  expected: readonly ExposedFamily[],
  { own, begun }: Known,
): Promise<void> {
  const { families, error } = await python.parse(format, bytes);
  expect(error).toBeNull();
  const users = families.filter(({ name }) => !own.has(name));
  const samples = users.flatMap((family) =>
    family.samples.map((sample) => ({ family, ...sample })),
  );
  const created = samples.filter(
    ({ family, name }) => name === `${family.name}_created` && family.type !== "gauge",
  );
  for (const { value } of created) expectBegun(numberOfText(value), begun);
  const values = samples
    .filter((sample) => !created.includes(sample))
    .map(
      ({ name, labels, value }): ExposedSample => exposedSample(name, labels, numberOfText(value)),
    );
  expect(sortedSamples(values)).toEqual(exposedSamples(expected, format));
  expect(byName(users.map(metadataOf))).toEqual(
    byName(expected.map((one) => metadataIn(format, one))),
  );
  const cumulative = expected
    .filter(({ type }) => type !== "gauge")
    .flatMap(({ series }) => series)
    .filter(({ value }) => typeof value !== "number" || value >= 0);
  expect(created.length).toBe(format === "openmetrics" ? cumulative.length : 0);
}

const metadataOf = ({ name, type, help, unit }: ParsedFamily) => ({ name, type, help, unit });

function metadataIn(format: TextFormat, family: ExposedFamily) {
  const { name, type, help } = family;
  if (format === "openmetrics") return { name, type: typeName(type), help, unit: saidUnit(family) };
  // The parser calls counters as OpenMetrics does; it has no units, and strips white space of help texts.
  return { name, type: typeName(type), help: unescapedAsPython(help), unit: "" };
}

/** What the parser of text leaves of a help text: it strips the line before it undoes the escapes. */
function unescapedAsPython(help: string): string {
  const escaped = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  const stripped = escaped.replace(START, "").replace(END, "");
  return stripped.replaceAll(/\\[\\n]/g, (pair) => (pair === "\\n" ? "\n" : "\\"));
}
const SPACE =
  "[\\t-\\r\\x1c-\\x20\\x85\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const START = new RegExp(`^${SPACE}`);
const END = new RegExp(`${SPACE}$`);
