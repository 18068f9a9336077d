/** Renders in every format, compressed and not, and scrapes of a server; and what they say of the soak's counters. */
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import {
  contentTypes,
  ExpositionFormat,
  type JsonExposition,
  type MetricsRuntime,
  metricsHandler,
} from "metrics-runtime";
import { decodeFamilies } from "../support/engines/decode-families.js";
import { expectEqual } from "./expect-equal.js";

const FORMATS = Object.values(ExpositionFormat);

/** Of the counters whose one label is a place: `recorder family place` → value; the family without `_total`. */
type Counters = ReadonlyMap<string, number>;

/** @returns none if it has other labels */
function counterOf(family: string, labels: object, value: unknown): [string, number][] {
  const { recorder, place, ...others } = labels as Record<string, unknown>;
  if (place === undefined || Object.keys(others).length > 0) return [];
  return [[`${recorder} ${family.replace(/_total$/, "")} ${place}`, Number(value)]];
}

function countersOf(format: ExpositionFormat, bytes: Uint8Array): Counters {
  const text = () => Buffer.from(bytes).toString();
  switch (format) {
    case "json": {
      const { families } = JSON.parse(text()) as JsonExposition;
      const counters = families.filter(({ type }) => type === "counter");
      return new Map(
        counters.flatMap(({ name, series }) =>
          series.flatMap(({ labels, value }) => counterOf(name, labels, value)),
        ),
      );
    }
    case "protobuf": {
      const counters = decodeFamilies(bytes).filter(({ type }) => type === "counter");
      return new Map(
        counters.flatMap(({ name, metrics }) =>
          metrics.flatMap(({ labels, value }) =>
            counterOf(name, Object.fromEntries(labels), value),
          ),
        ),
      );
    }
    default:
      return new Map(
        [...text().matchAll(/^(\w+_total)\{recorder="(\w+)",place="([\w ]+)"\} (\S+)$/gm)].flatMap(
          ([, name = "", recorder, place, value]) => counterOf(name, { recorder, place }, value),
        ),
      );
  }
}

export class Expositions {
  readonly #runtime: MetricsRuntime;
  readonly #server: Server;
  #renders = 0;
  /** What each way showed last; within one way they come one after the other. */
  readonly #before = new Map<"rendered" | "scraped", Counters>();

  constructor(runtime: MetricsRuntime) {
    this.#runtime = runtime;
    this.#server = createServer(metricsHandler(runtime));
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  close(): Promise<unknown> {
    return new Promise((resolve) => this.#server.close(resolve));
  }

  /**
   * One more, in the next format, compressed or not, waited for or not.
   *
   * @throws Error when it cannot be read, or a counter went down
   */
  async render(): Promise<void> {
    const n = this.#renders++;
    const format = FORMATS[n % FORMATS.length] ?? "json";
    const gzip = Math.floor(n / FORMATS.length) % 2 === 1;
    const sync = n % 7 === 0;
    const bytes = sync
      ? this.#runtime.renderSync(format, { gzip })
      : await this.#runtime.render(format, { gzip });
    this.#neverLess("rendered", format, gzip ? gunzipSync(bytes) : bytes);
  }

  /** Asks the server, as a scraper does that keeps no connection. */
  async scrape(): Promise<void> {
    const format = FORMATS[this.#renders++ % FORMATS.length] ?? "json";
    this.#neverLess("scraped", format, gunzipSync(await this.#ask(format)));
  }

  /** @throws Error when an exposition says something else */
  check(when: string, counters: Counters): void {
    for (const format of FORMATS) {
      const found = countersOf(format, this.#runtime.renderSync(format));
      const told = [...counters.keys()].map((key) => [key, found.get(key)]);
      const of = `the exposition as ${format}`;
      expectEqual(of, when, Object.fromEntries(counters), Object.fromEntries(told));
    }
  }

  #neverLess(way: "rendered" | "scraped", format: ExpositionFormat, bytes: Uint8Array): void {
    const now = countersOf(format, bytes);
    if (now.size === 0) throw new Error(`the exposition as ${format} has no counters`);
    for (const [key, before] of this.#before.get(way) ?? []) {
      const value = now.get(key) ?? 0;
      if (value >= before) continue;
      throw new Error(`the exposition as ${format}: ${key} went from ${before} to ${value}`);
    }
    this.#before.set(way, now);
  }

  #ask(format: ExpositionFormat): Promise<Buffer> {
    const { port } = this.#server.address() as AddressInfo;
    const headers = { accept: contentTypes[format], "accept-encoding": "gzip" };
    return new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port, headers, agent: false } as const;
      const asked = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode === 200) resolve(Buffer.concat(chunks));
          else reject(new Error(`a scrape got ${response.statusCode}: ${Buffer.concat(chunks)}`));
        });
      });
      asked.on("error", reject);
      asked.end();
    });
  }
}
