import { checkBoolean, checkMember, checkOptions } from "../errors/argument-checks.js";

/**
 * What metrics can be rendered as, in the order of the native enumeration: the place of a format is the
 * number under which it crosses.
 */
export const ExpositionFormat = Object.freeze({
  /** The text format of Prometheus, 0.0.4: every scraper and every person reads it. */
  PROMETHEUS: "prometheus",
  /** OpenMetrics text, 1.0.0. */
  OPENMETRICS: "openmetrics",
  /** `io.prometheus.client.MetricFamily` messages, each after its length: has native histograms. */
  PROTOBUF: "protobuf",
  /** For programs of your own. */
  JSON: "json",
} as const);
export type ExpositionFormat = (typeof ExpositionFormat)[keyof typeof ExpositionFormat];

/** In the order of the native enumeration. */
export const EXPOSITION_FORMATS: readonly ExpositionFormat[] = Object.values(ExpositionFormat);

/** The `Content-Type` of each format. */
export const contentTypes: Readonly<Record<ExpositionFormat, string>> = Object.freeze({
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  protobuf:
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
  json: "application/json; charset=utf-8",
});

/** How metrics are rendered. */
export interface RenderOptions {
  /** The bytes are compressed: a whole gzip file. Default: `false`. */
  readonly gzip?: boolean | undefined;
}

/** What is to be rendered. */
export interface WantedRender {
  readonly format: ExpositionFormat;
  readonly gzip: boolean;
}

/**
 * What is to be rendered, as a caller said it.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, which names the formats or the option
 */
export function checkRender(format: unknown, options: unknown): WantedRender {
  const { gzip } = checkOptions("options", options, ["gzip"]);
  return {
    format: checkMember("format", format, EXPOSITION_FORMATS),
    gzip: gzip === undefined ? false : checkBoolean("options.gzip", gzip),
  };
}
