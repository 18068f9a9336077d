/** `io.prometheus.client.MetricFamily` messages, each after its length, read by client_model's metrics.proto. */

export interface DecodedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly unit: string;
  readonly metrics: readonly DecodedMetric[];
}

export interface DecodedMetric {
  /** In their order: a name may be there twice, which is for the test to see. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number | DecodedSummary | DecodedHistogram;
  /** In seconds; undefined for a gauge. */
  readonly created: number | undefined;
}

export interface DecodedSummary {
  readonly count: number;
  readonly sum: number;
  readonly quantiles: readonly (readonly [quantile: number, value: number])[];
}

export interface DecodedHistogram {
  readonly count: number;
  readonly sum: number;
  /** Cumulative. */
  readonly buckets: readonly (readonly [upperBound: number, count: number])[];
  readonly native: DecodedNative | undefined;
}

export interface DecodedNative {
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  /** Prometheus' index and count of each bucket, those without a count left out. */
  readonly positive: readonly (readonly [index: number, count: number])[];
  readonly negative: readonly (readonly [index: number, count: number])[];
  /** Without one Prometheus does not know that it is a native histogram. */
  readonly hasSpan: boolean;
}

const TYPES = ["counter", "gauge", "summary", "untyped", "histogram"];

export function decodeFamilies(bytes: Uint8Array): readonly DecodedFamily[] {
  const reader = new Reader(bytes);
  const families: DecodedFamily[] = [];
  while (!reader.atEnd) families.push(familyOf(new Message(reader.bytes())));
  return families;
}

function familyOf(message: Message): DecodedFamily {
  const type = TYPES[message.integer(3)];
  if (type === undefined) throw new Error("a type that there is not");
  return {
    name: message.text(1),
    help: message.text(2),
    type,
    unit: message.text(5),
    metrics: message.all(4).map((bytes) => metricOf(new Message(bytes), type)),
  };
}

const VALUE_FIELDS = { gauge: 2, counter: 3, summary: 4, untyped: 5, histogram: 7 } as const;

function metricOf(message: Message, type: string): DecodedMetric {
  const values = Object.entries(VALUE_FIELDS).flatMap(([name, field]) =>
    message.all(field).map((bytes) => ({ name, value: new Message(bytes) })),
  );
  const [only] = values;
  if (only === undefined || values.length > 1 || only.name !== type) {
    throw new Error(`a ${type} with ${values.map(({ name }) => name).join(", ") || "no value"}`);
  }
  const labels = message.all(1).map((bytes): [string, string] => {
    const label = new Message(bytes);
    return [label.text(1), label.text(2)];
  });
  const { value } = only;
  if (type === "summary") return { labels, value: summaryOf(value), created: value.timestamp(4) };
  if (type === "histogram") {
    return { labels, value: histogramOf(value), created: value.timestamp(15) };
  }
  const created = type === "counter" ? value.timestamp(3) : undefined;
  return { labels, value: value.double(1), created };
}

function summaryOf(message: Message): DecodedSummary {
  const quantiles = message.all(3).map((bytes): [number, number] => {
    const quantile = new Message(bytes);
    return [quantile.double(1), quantile.double(2)];
  });
  return { count: message.integer(1), sum: message.double(2), quantiles };
}

function histogramOf(message: Message): DecodedHistogram {
  const buckets = message.all(3).map((bytes): [number, number] => {
    const bucket = new Message(bytes);
    return [bucket.double(2), bucket.integer(1)];
  });
  const spans = message.all(9).length + message.all(12).length;
  const native = spans === 0 && !message.has(5) ? undefined : nativeOf(message, spans);
  return { count: message.integer(1), sum: message.double(2), buckets, native };
}

function nativeOf(message: Message, spans: number): DecodedNative {
  return {
    schema: message.signed(5)[0] ?? 0,
    zeroThreshold: message.double(6),
    zeroCount: message.integer(7),
    negative: sparse(message.all(9), message.signed(10)),
    positive: sparse(message.all(12), message.signed(13)),
    hasSpan: spans > 0,
  };
}

function sparse(spans: readonly Uint8Array[], deltas: readonly number[]): [number, number][] {
  const indices: number[] = [];
  let end = 0;
  for (const bytes of spans) {
    const span = new Message(bytes);
    const begin = end + (span.signed(1)[0] ?? 0);
    end = begin + span.integer(2);
    for (let index = begin; index < end; index++) indices.push(index);
  }
  if (indices.length !== deltas.length) {
    throw new Error(`${deltas.length} counts in spans of ${indices.length}`);
  }
  let count = 0;
  const buckets = indices.map((index, i): [number, number] => {
    count += deltas[i] ?? 0;
    if (count < 0) throw new Error("a bucket with less than nothing");
    return [index, count];
  });
  return buckets.filter(([, count]) => count > 0);
}

/** A field is what the wire has: a varint, eight bytes, or so many bytes. */
class Message {
  readonly #fields = new Map<number, (bigint | Uint8Array)[]>();

  constructor(bytes: Uint8Array) {
    const reader = new Reader(bytes);
    while (!reader.atEnd) {
      const key = Number(reader.varint());
      const field = key >> 3;
      const values = this.#fields.get(field) ?? [];
      this.#fields.set(field, values);
      if ((key & 7) === 0) values.push(reader.varint());
      else if ((key & 7) === 1) values.push(reader.take(8));
      else if ((key & 7) === 2) values.push(reader.bytes());
      else throw new Error(`wire type ${key & 7}`);
    }
  }

  has(field: number): boolean {
    return this.#fields.has(field);
  }
  all(field: number): readonly Uint8Array[] {
    const values = this.#fields.get(field) ?? [];
    return values.map((value) => {
      if (typeof value === "bigint") throw new Error(`field ${field} is a number`);
      return value;
    });
  }
  /** Absent: as proto2 has it, but for doubles the same as 0. */
  integer(field: number): number {
    return Number(this.#varints(field)[0] ?? 0n);
  }
  signed(field: number): readonly number[] {
    return this.#varints(field).map((raw) => Number((raw >> 1n) ^ -(raw & 1n)));
  }
  double(field: number): number {
    const [bytes] = this.all(field);
    if (bytes === undefined) return 0;
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  }
  text(field: number): string {
    const [bytes] = this.all(field);
    return bytes === undefined ? "" : new TextDecoder("utf-8", STRICT).decode(bytes);
  }
  timestamp(field: number): number | undefined {
    const [bytes] = this.all(field);
    if (bytes === undefined) return undefined;
    const stamp = new Message(bytes);
    return stamp.integer(1) + stamp.integer(2) / 1e9;
  }

  #varints(field: number): readonly bigint[] {
    const values = this.#fields.get(field) ?? [];
    return values.map((value) => {
      if (typeof value !== "bigint") throw new Error(`field ${field} is no number`);
      return value;
    });
  }
}

const STRICT = { fatal: true, ignoreBOM: true } as const;

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const [byte = 0] = this.take(1);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
  bytes(): Uint8Array {
    return this.take(Number(this.varint()));
  }
  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new Error("the message ends too early");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
