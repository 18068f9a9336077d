import { setTimeout as delay } from "node:timers/promises";

const REQUEST_MS = 10_000;
/** The first scrape comes after up to 5.5 s; a machine that does much else may need longer. */
const SCRAPED_MS = 30_000;
const POLL_MS = 50;

export interface QueriedSample {
  /** Without `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined when a function has dropped it. */
  readonly name: string | undefined;
  /** NaN for a native histogram. */
  readonly value: number;
  readonly histogram: QueriedHistogram | undefined;
  /** Of the evaluation, in seconds. */
  readonly time: number;
}

export interface QueriedHistogram {
  readonly count: number;
  readonly sum: number;
  readonly buckets: readonly {
    /** 0: (lower, upper], 1: [lower, upper), 2: open, 3: closed. */
    readonly boundaries: number;
    readonly lower: number;
    readonly upper: number;
    readonly count: number;
  }[];
}

export interface ScrapeTarget {
  readonly job: string;
  readonly health: string;
  /** Why the last scrape failed; empty when it did not. */
  readonly lastError: string;
}

export interface FamilyMetadata {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

export interface ScrapeResult {
  /** When it was taken, in seconds: to query what was in it. */
  readonly time: number;
  readonly up: boolean;
  /** How many samples the exposition had. */
  readonly samples: number;
}

/** The HTTP API of one Prometheus. */
export class PrometheusApi {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** @param time in seconds; default: now */
  async query(promql: string, time?: number): Promise<readonly QueriedSample[]> {
    const at = time === undefined ? {} : { time: String(time) };
    const data = await this.#get<RawVector>("query", { query: promql, ...at });
    if (data.resultType !== "vector") throw new Error(`${promql} gives a ${data.resultType}`);
    return data.result.map(sampleOf);
  }

  /** The one number that a query gives. */
  async number(promql: string, time?: number): Promise<number> {
    const samples = await this.query(promql, time);
    const [sample] = samples;
    if (sample === undefined || samples.length > 1) {
      throw new Error(`${promql} gives ${samples.length} samples`);
    }
    return sample.value;
  }

  /** The label sets, with `__name__`, of the series that match. */
  series(matcher: string): Promise<readonly Readonly<Record<string, string>>[]> {
    return this.#get("series", { "match[]": matcher });
  }

  async targets(): Promise<readonly ScrapeTarget[]> {
    const { activeTargets } = await this.#get<{
      activeTargets: {
        labels: Record<string, string>;
        health: string;
        lastError: string;
      }[];
    }>("targets", { state: "active" });
    return activeTargets.map(({ labels, health, lastError }) => ({
      job: labels.job ?? "",
      health,
      lastError,
    }));
  }

  /** What a target says of its families, by their names. */
  async metadata(job: string): Promise<ReadonlyMap<string, FamilyMetadata>> {
    const rows = await this.#get<(FamilyMetadata & { metric: string })[]>("targets/metadata", {
      match_target: `{job=${JSON.stringify(job)}}`,
    });
    return new Map(rows.map(({ metric, type, help, unit }) => [metric, { type, help, unit }]));
  }

  /** Waits for a scrape that began after `after` (seconds); default: for any. */
  async scraped(job: string, after = 0, deadlineMs = SCRAPED_MS): Promise<ScrapeResult> {
    const selector = `{job=${JSON.stringify(job)}}`;
    const end = performance.now() + deadlineMs;
    for (;;) {
      const [stamp] = await this.query(`timestamp(up${selector})`);
      if (stamp !== undefined && stamp.value > after) {
        const time = stamp.value;
        const up = (await this.number(`up${selector}`, time)) === 1;
        return { time, up, samples: await this.number(`scrape_samples_scraped${selector}`, time) };
      }
      if (performance.now() > end) {
        const reached = JSON.stringify(await this.targets());
        throw new Error(`${job} was not scraped within ${deadlineMs} ms: ${reached}`);
      }
      await delay(POLL_MS);
    }
  }

  /** All samples of a job's exposition at a time: not those that Prometheus adds. */
  async exposed(job: string, time: number): Promise<readonly QueriedSample[]> {
    const samples = await this.query(`{job=${JSON.stringify(job)}}`, time);
    return samples.filter(({ name = "" }) => !ADDED.test(name));
  }

  async #get<T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> {
    const url = `${this.#url}/api/v1/${path}?${new URLSearchParams(parameters)}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS) });
    const body = (await answer.json()) as { status: string; data: T; error?: string };
    if (body.status !== "success") throw new Error(`${url}: ${body.error}`);
    return body.data;
  }
}

const ADDED = /^(?:up|scrape_(?:duration_seconds|samples_\w+|series_added))$/;

interface RawVector {
  readonly resultType: string;
  readonly result: readonly RawSample[];
}

interface RawSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [time: number, value: string];
  readonly histogram?: readonly [
    time: number,
    histogram: {
      readonly count: string;
      readonly sum: string;
      readonly buckets?: readonly (readonly [number, string, string, string])[];
    },
  ];
}

function sampleOf({ metric, value, histogram }: RawSample): QueriedSample {
  const { __name__: name, ...labels } = metric;
  return {
    name,
    labels,
    value: value === undefined ? Number.NaN : numberOf(value[1]),
    histogram: histogram === undefined ? undefined : histogramOf(histogram[1]),
    time: (value ?? histogram)?.[0] ?? Number.NaN,
  };
}

function histogramOf(raw: NonNullable<RawSample["histogram"]>[1]): QueriedHistogram {
  return {
    count: numberOf(raw.count),
    sum: numberOf(raw.sum),
    buckets: (raw.buckets ?? []).map(([boundaries, lower, upper, count]) => ({
      boundaries,
      lower: numberOf(lower),
      upper: numberOf(upper),
      count: numberOf(count),
    })),
  };
}

/** Of a number as Go writes it: the same double. */
function numberOf(text: string): number {
  return Number(text.replace("Inf", "Infinity"));
}
