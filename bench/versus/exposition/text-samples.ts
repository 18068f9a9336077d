/** Samples in Prometheus and OpenMetrics text: lines, told by their names. */
import { COUNTER, type Exposition, HISTOGRAM } from "./subject.js";

const NAMES = [COUNTER, `${HISTOGRAM}_bucket`, `${HISTOGRAM}_sum`, `${HISTOGRAM}_count`];

/** Those of the two metrics that are written to; what a library says of itself is not among them. */
export function countTextSamples(exposition: Exposition): number {
  const bytes = Buffer.from(exposition as Uint8Array); // a view of bytes, the UTF-8 of a text
  return NAMES.reduce((count, name) => count + linesWith(bytes, `\n${name}{`), 0);
}

function linesWith(bytes: Buffer, begin: string): number {
  let count = 0;
  for (let at = bytes.indexOf(begin); at >= 0; at = bytes.indexOf(begin, at + 1)) count++;
  return count;
}
