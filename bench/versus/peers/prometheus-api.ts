/** What we use of prom-client and @prometheus-io/client: the one came from the other, their API is the same. */
export interface PrometheusModule {
  readonly Registry: new () => Registry;
  readonly Counter: new (settings: Settings) => Counter;
  readonly Gauge: new (settings: Settings) => Gauge;
  readonly Histogram: new (settings: Settings & { buckets: readonly number[] }) => Histogram;
}

export interface Registry {
  getMetricsAsJSON(): Promise<readonly { readonly values: readonly object[] }[]>;
  /** The text for Prometheus. */
  metrics(): Promise<string>;
}

export interface Settings {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly registers: readonly Registry[];
}

type Labels = Readonly<Record<string, string>>;

export interface Counter {
  inc(value?: number): void;
  inc(labels: Labels, value?: number): void;
  labels(labels: Labels): { inc(value?: number): void };
}

export interface Gauge {
  inc(value?: number): void;
  dec(value?: number): void;
  labels(labels: Labels): { inc(value?: number): void; set(value: number): void };
}

export interface Histogram {
  observe(value: number): void;
  observe(labels: Labels, value: number): void;
  labels(labels: Labels): { observe(value: number): void; startTimer(): () => number };
}
