/** What we use of hot-shots. */
type Tags = Readonly<Record<string, string>>;

export interface StatsD {
  increment(name: string, value?: number, tags?: Tags): void;
  gauge(name: string, value: number, tags?: Tags): void;
  histogram(name: string, value: number, tags?: Tags): void;
  timer(run: () => void, name: string): () => void;
  childClient(options: { readonly globalTags: Tags }): StatsD;
  close(done: (error?: Error) => void): void;
}

export interface HotShotsModule {
  readonly StatsD: new (options: {
    readonly host: string;
    readonly port: number;
    readonly maxBufferSize: number;
    readonly aggregation: boolean;
    readonly errorHandler: (error: Error) => void;
  }) => StatsD;
}
