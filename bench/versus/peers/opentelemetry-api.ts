/** What we use of @opentelemetry/sdk-metrics. */
import { loadPackage } from "./load.js";

type Attributes = Readonly<Record<string, string>>;

export interface Adding {
  add(value: number, attributes?: Attributes): void;
}

export interface Recording {
  record(value: number, attributes?: Attributes): void;
}

export interface Meter {
  createCounter(name: string): Adding;
  createUpDownCounter(name: string): Adding;
  createGauge(name: string): Recording;
  createHistogram(
    name: string,
    options?: { readonly advice: { readonly explicitBucketBoundaries: readonly number[] } },
  ): Recording;
}

export interface OpenMeter {
  readonly meter: Meter;
  readonly close: () => Promise<void>;
}

interface SdkModule {
  readonly AggregationType: { readonly EXPONENTIAL_HISTOGRAM: number };
  readonly MeterProvider: new (options: {
    readonly readers: readonly object[];
    readonly views: readonly object[];
  }) => { getMeter(name: string): Meter; shutdown(): Promise<void> };
  readonly MetricReader: abstract new (options: {
    readonly cardinalitySelector: () => number;
  }) => object;
}

/**
 * A meter whose reader never reads; instruments whose name begins with `exponential` become exponential
 * histograms.
 */
export async function openMeter(mostSeries: number): Promise<OpenMeter> {
  const sdk = (await loadPackage("@opentelemetry/sdk-metrics")) as SdkModule;
  class NeverReading extends sdk.MetricReader {
    async onForceFlush(): Promise<void> {}
    async onShutdown(): Promise<void> {}
  }
  const provider = new sdk.MeterProvider({
    readers: [new NeverReading({ cardinalitySelector: () => mostSeries })],
    views: [
      {
        instrumentName: "exponential*",
        aggregation: { type: sdk.AggregationType.EXPONENTIAL_HISTOGRAM },
      },
    ],
  });
  return { meter: provider.getMeter("bench"), close: () => provider.shutdown() };
}
