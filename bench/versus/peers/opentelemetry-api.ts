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
  /** Reads all instruments. */
  readonly collect: () => Promise<Collected>;
  /** The same; how many series they have. */
  readonly countSeries: () => Promise<number>;
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
  }) => { collect(): Promise<Collected> };
}

export interface Collected {
  readonly resourceMetrics: {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly { readonly dataPoints: readonly object[] }[];
    }[];
  };
}

/**
 * A meter whose reader reads when it is asked; instruments whose name begins with `exponential` become exponential
 * histograms.
 */
export async function openMeter(mostSeries: number): Promise<OpenMeter> {
  const sdk = (await loadPackage("@opentelemetry/sdk-metrics")) as SdkModule;
  class AskedReader extends sdk.MetricReader {
    async onForceFlush(): Promise<void> {}
    async onShutdown(): Promise<void> {}
  }
  const reader = new AskedReader({ cardinalitySelector: () => mostSeries });
  const provider = new sdk.MeterProvider({
    readers: [reader],
    views: [
      {
        instrumentName: "exponential*",
        aggregation: { type: sdk.AggregationType.EXPONENTIAL_HISTOGRAM },
      },
    ],
  });
  return {
    meter: provider.getMeter("bench"),
    collect: () => reader.collect(),
    countSeries: async () => {
      const { resourceMetrics } = await reader.collect();
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
      return metrics.reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
    },
    close: () => provider.shutdown(),
  };
}

/** What we use of @opentelemetry/exporter-prometheus. */
export interface PrometheusExporterModule {
  readonly PrometheusSerializer: new () => {
    serialize(resourceMetrics: Collected["resourceMetrics"]): string;
  };
}
