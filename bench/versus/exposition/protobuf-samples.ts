/** Samples in `io.prometheus.client.MetricFamily` messages, each after its length. */
import { COUNTER, HISTOGRAM } from "./subject.js";

/** The fields that matter here. */
const FAMILY_NAME = 1;
const FAMILY_METRIC = 4;
const METRIC_HISTOGRAM = 7;
const HISTOGRAM_BUCKET = 3;
/** Its count and its sum; the bucket of all values is among the buckets, as in text. */
const SAMPLES_BESIDE_BUCKETS = 2;

const LENGTH_DELIMITED = 2;
/** Bytes of a value, by the wire types of a fixed size. */
const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** Those of the two metrics that are written to. */
export function countProtobufSamples(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    const [length, begin] = varint(bytes, at);
    at = begin + length;
    count += samplesOfFamily(bytes.subarray(begin, at));
  }
  return count;
}

function samplesOfFamily(family: Uint8Array): number {
  let name = "";
  let count = 0;
  for (const [field, value] of fieldsOf(family)) {
    if (field === FAMILY_NAME) name = Buffer.from(value).toString();
    if (field !== FAMILY_METRIC) continue;
    if (name === COUNTER) count++;
    if (name === HISTOGRAM) count += samplesOfHistogram(value);
  }
  return count;
}

function samplesOfHistogram(metric: Uint8Array): number {
  for (const [field, value] of fieldsOf(metric)) {
    if (field !== METRIC_HISTOGRAM) continue;
    const buckets = [...fieldsOf(value)].filter(([inner]) => inner === HISTOGRAM_BUCKET);
    return buckets.length + SAMPLES_BESIDE_BUCKETS;
  }
  return 0;
}

/** Empty for what is no message, text or bytes. */
function* fieldsOf(message: Uint8Array): Generator<readonly [field: number, value: Uint8Array]> {
  for (let at = 0; at < message.length; ) {
    const [tag, begin] = varint(message, at);
    const type = tag & 7;
    const [size, from] =
      type === LENGTH_DELIMITED ? varint(message, begin) : [FIXED[type] ?? 0, begin];
    at = type === 0 ? varint(message, begin)[1] : from + size;
    yield [tag >>> 3, message.subarray(from, from + size)];
  }
}

/** The number and where it ends. */
function varint(bytes: Uint8Array, from: number): readonly [value: number, end: number] {
  let value = 0;
  let scale = 1;
  for (let at = from; at < bytes.length; at++, scale *= 128) {
    const byte = bytes[at] as number;
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at + 1];
  }
  throw new Error("a number without an end");
}
