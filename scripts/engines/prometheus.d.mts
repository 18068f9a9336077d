import type { Engine } from "./engine.mjs";

export interface Target {
  readonly job: string;
  /** `127.0.0.1:9464` */
  readonly address: string;
  /** Default: `/metrics`. */
  readonly path?: string;
}

export interface PrometheusOptions {
  readonly targets: readonly Target[];
  /** It then asks for protobuf, and keeps native histograms. */
  readonly nativeHistograms?: boolean;
  /** Between two scrapes, and between two evaluations of rules: `1s`. */
  readonly interval?: string;
  /** Files of rules. */
  readonly rules?: readonly string[];
}

/** Ready when it is there; the first scrape comes after up to 5.5 s. */
export function startPrometheus(options: PrometheusOptions): Promise<Engine>;
export function warningsIn(log: readonly string[]): string[];
