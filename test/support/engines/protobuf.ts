/**
 * Families as `io.prometheus.client.MetricFamily`, each with its length before it. Written by hand from
 * client_model's metrics.proto, so that the engines are known to read what they should before they read ours.
 */

export interface ProtobufFamily {
  readonly name: string;
  readonly help: string;
  readonly type: keyof typeof TYPES;
  readonly metrics: readonly ProtobufMetric[];
}

export interface ProtobufMetric {
  readonly labels?: Readonly<Record<string, string>>;
  /** Of a counter, gauge or untyped metric. */
  readonly value?: number;
  readonly summary?: {
    readonly count: number;
    readonly sum: number;
    readonly quantiles: readonly (readonly [quantile: number, value: number])[];
  };
  readonly histogram?: ProtobufHistogram;
}

/** Classic buckets, native ones, or both. */
export interface ProtobufHistogram {
  readonly count: number;
  readonly sum: number;
  readonly buckets?: readonly (readonly [upperBound: number, cumulativeCount: number])[];
  readonly native?: {
    readonly schema: number;
    readonly zeroThreshold: number;
    readonly zeroCount: number;
    readonly positive?: SparseBuckets;
    readonly negative?: SparseBuckets;
  };
}

export interface SparseBuckets {
  /** The offset of the first is an index, of the others the gap to the one before. */
  readonly spans: readonly (readonly [offset: number, length: number])[];
  /** Of each bucket alone, over all spans. */
  readonly counts: readonly number[];
}

const TYPES = { counter: 0, gauge: 1, summary: 2, untyped: 3, histogram: 4 } as const;
/** The number of a metric's field for a single value. */
const VALUE_FIELDS = { gauge: 2, counter: 3, untyped: 5 } as const;

export function encodeFamilies(families: readonly ProtobufFamily[]): Uint8Array<ArrayBuffer> {
  const bytes = families.flatMap((family) => {
    const message = familyMessage(family);
    return [...varint(BigInt(message.length)), ...message];
  });
  return Uint8Array.from(bytes);
}

function familyMessage({ name, help, type, metrics }: ProtobufFamily): number[] {
  return [
    ...text(1, name),
    ...text(2, help),
    ...integer(3, TYPES[type]),
    ...metrics.flatMap((metric) => message(4, metricMessage(type, metric))),
  ];
}

function metricMessage(type: keyof typeof TYPES, metric: ProtobufMetric): number[] {
  const { labels = {}, value, summary, histogram } = metric;
  const bytes = Object.entries(labels).flatMap(([name, label]) =>
    message(1, [...text(1, name), ...text(2, label)]),
  );
  if (value !== undefined && type in VALUE_FIELDS) {
    bytes.push(...message(VALUE_FIELDS[type as keyof typeof VALUE_FIELDS], double(1, value)));
  }
  if (summary !== undefined) {
    const quantiles = summary.quantiles.flatMap(([quantile, at]) =>
      message(3, [...double(1, quantile), ...double(2, at)]),
    );
    bytes.push(
      ...message(4, [...integer(1, summary.count), ...double(2, summary.sum), ...quantiles]),
    );
  }
  if (histogram !== undefined) bytes.push(...message(7, histogramMessage(histogram)));
  return bytes;
}

function histogramMessage({ count, sum, buckets = [], native }: ProtobufHistogram): number[] {
  const bytes = [
    ...integer(1, count),
    ...double(2, sum),
    ...buckets.flatMap(([upperBound, cumulativeCount]) =>
      message(3, [...integer(1, cumulativeCount), ...double(2, upperBound)]),
    ),
  ];
  if (native !== undefined) {
    bytes.push(
      ...signed(5, native.schema),
      ...double(6, native.zeroThreshold),
      ...integer(7, native.zeroCount),
      ...sparse({ span: 9, delta: 10 }, native.negative),
      ...sparse({ span: 12, delta: 13 }, native.positive),
    );
  }
  return bytes;
}

function sparse(
  fields: { readonly span: number; readonly delta: number },
  { spans, counts }: SparseBuckets = { spans: [], counts: [] },
): number[] {
  return [
    ...spans.flatMap(([offset, length]) =>
      message(fields.span, [...signed(1, offset), ...integer(2, length)]),
    ),
    // Each with a key of its own: proto2 packs only what it is told to.
    ...counts.flatMap((count, i) => signed(fields.delta, count - (counts[i - 1] ?? 0))),
  ];
}

const WIRE = { varint: 0, fixed64: 1, bytes: 2 } as const;

function key(field: number, wire: number): number[] {
  return varint(BigInt((field << 3) | wire));
}
function integer(field: number, value: number): number[] {
  return [...key(field, WIRE.varint), ...varint(BigInt(value))];
}
/** sint32, sint64: zigzag. */
function signed(field: number, value: number): number[] {
  const zigzag = value >= 0 ? BigInt(value) * 2n : BigInt(-value) * 2n - 1n;
  return [...key(field, WIRE.varint), ...varint(zigzag)];
}
function double(field: number, value: number): number[] {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value, true);
  return [...key(field, WIRE.fixed64), ...new Uint8Array(bytes.buffer)];
}
function text(field: number, value: string): number[] {
  return message(field, [...new TextEncoder().encode(value)]);
}
function message(field: number, bytes: readonly number[]): number[] {
  return [...key(field, WIRE.bytes), ...varint(BigInt(bytes.length)), ...bytes];
}
function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return bytes;
}
