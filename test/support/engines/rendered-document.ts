/** What a runtime shows in every format, while nobody writes. */
import type { ExpositionFormat, MetricsRuntime } from "metrics-runtime";
import { expect } from "vitest";
import type { FamilyType } from "./exposed-names.js";

export type RenderedDocument = Readonly<Record<ExpositionFormat, Uint8Array>>;

export function renderedIn(runtime: MetricsRuntime): RenderedDocument {
  return {
    prometheus: runtime.renderSync("prometheus"),
    openmetrics: runtime.renderSync("openmetrics"),
    protobuf: runtime.renderSync("protobuf"),
    json: runtime.renderSync("json"),
  };
}

/** Between which moments things have begun, in seconds. */
export interface Begun {
  readonly from: number;
  readonly to: number;
}

/** What a check of a format is told of it. */
export interface Known {
  /** The families of the library itself: what they have is for other tests. */
  readonly own: ReadonlySet<string>;
  readonly begun: Begun;
}

export const byName = <T extends { readonly name: string }>(families: readonly T[]) =>
  families.toSorted((a, b) => (a.name < b.name ? -1 : 1));
export const seriesKey = (labels: object) => JSON.stringify(Object.entries(labels).toSorted());
export const sortedSeries = (series: readonly (readonly [key: string, value: unknown])[]) =>
  series.toSorted(([a], [b]) => (a < b ? -1 : 1));
/** As the formats of Prometheus call it. */
export const typeName = (type: FamilyType) =>
  type === "exponentialHistogram" ? "histogram" : type;

export function decodedText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** A clock that is set meanwhile is no fault. */
const TOLERATED_SECONDS = 60;

export function expectBegun(created: number, { from, to }: Begun): void {
  expect(created).toBeGreaterThan(from - TOLERATED_SECONDS);
  expect(created).toBeLessThan(to + TOLERATED_SECONDS);
}
