import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  contentTypes,
  ExpositionFormat,
  type JsonExponentialHistogram,
  type JsonExposition,
  type JsonHistogram,
  type JsonNumber,
  type JsonSummary,
  type MetricsHandler,
  type MetricsHandlerOptions,
  metricsHandler,
  type Negotiated,
  type NegotiateOptions,
  negotiate,
  type Renderable,
  type RenderOptions,
} from "metrics-runtime";
import { expectTypeOf, test } from "vitest";

const source = {} as Renderable;

test("formats are values and a type of one name, and each has a content type", () => {
  expectTypeOf<ExpositionFormat>().toEqualTypeOf<
    "prometheus" | "openmetrics" | "protobuf" | "json"
  >();
  expectTypeOf(ExpositionFormat.OPENMETRICS).toEqualTypeOf<"openmetrics">();
  expectTypeOf(contentTypes).toEqualTypeOf<Readonly<Record<ExpositionFormat, string>>>();
  // @ts-expect-error nobody changes one
  contentTypes.json = "text/json";
});

test("JSON has of each type of family what it has", () => {
  const { families } = {} as JsonExposition;
  for (const family of families) {
    expectTypeOf(family.name).toEqualTypeOf<string>();
    for (const { labels, created } of family.series) {
      expectTypeOf(labels).toEqualTypeOf<Readonly<Record<string, string>>>();
      expectTypeOf(created).toEqualTypeOf<number>();
    }
    if (family.type === "counter" || family.type === "gauge") {
      expectTypeOf(family.series[0]?.value).toEqualTypeOf<JsonNumber | undefined>();
    } else if (family.type === "histogram") {
      expectTypeOf(family.series[0]?.value).toEqualTypeOf<JsonHistogram | undefined>();
    } else if (family.type === "exponentialHistogram") {
      expectTypeOf(family.series[0]?.value).toEqualTypeOf<JsonExponentialHistogram | undefined>();
    } else {
      expectTypeOf(family.type).toEqualTypeOf<"summary">();
      expectTypeOf(family.series[0]?.value).toEqualTypeOf<JsonSummary | undefined>();
    }
  }
  expectTypeOf<JsonNumber>().toEqualTypeOf<number | "NaN" | "+Inf" | "-Inf">();
});

test("headers may be absent, and so may be the answer", () => {
  const { headers } = {} as IncomingMessage;
  expectTypeOf(negotiate(headers.accept, headers["accept-encoding"])).toEqualTypeOf<
    Negotiated | undefined
  >();
  negotiate(undefined);
  negotiate("*/*", undefined, { gzip: undefined });
  expectTypeOf<keyof NegotiateOptions>().toEqualTypeOf<"gzip">();
  expectTypeOf<Negotiated>().toEqualTypeOf<{
    readonly format: ExpositionFormat;
    readonly contentType: string;
    readonly gzip: boolean;
  }>();
  // @ts-expect-error no header at all
  negotiate();
  // @ts-expect-error several, as some servers have them
  negotiate(["text/plain", "text/html"]);
  // @ts-expect-error an unknown option
  negotiate("*/*", "gzip", { brotli: true });
});

test("a handler is a listener of node:http", () => {
  expectTypeOf(metricsHandler(source)).toEqualTypeOf<MetricsHandler>();
  expectTypeOf<MetricsHandler>().toEqualTypeOf<
    (request: IncomingMessage, response: ServerResponse) => void
  >();
  createServer(metricsHandler(source, { gzip: false, onError: console.error }));
  expectTypeOf<keyof MetricsHandlerOptions>().toEqualTypeOf<"gzip" | "onError">();
  metricsHandler(source, { onError: (error) => expectTypeOf(error).toEqualTypeOf<unknown>() });
  // @ts-expect-error an unknown option
  metricsHandler(source, { path: "/metrics" });
});

test("whatever renders is a source", () => {
  expectTypeOf<Parameters<Renderable["render"]>>().toEqualTypeOf<
    [format: ExpositionFormat, options: RenderOptions]
  >();
  metricsHandler({ render: async () => new Uint8Array() });
  metricsHandler({ render: async (format) => Buffer.from(format) });
  metricsHandler({ render: async (_: ExpositionFormat, __?: RenderOptions) => Buffer.from("") });
  metricsHandler({ render: async (_: string, { gzip = false } = {}) => Buffer.from(`${gzip}`) });
  // @ts-expect-error not a promise
  metricsHandler({ render: () => new Uint8Array() });
  // @ts-expect-error no bytes
  metricsHandler({ render: async () => "metrics" });
  // @ts-expect-error nothing that renders
  metricsHandler({});
});
