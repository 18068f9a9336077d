/** OpenTelemetry has no series to keep: where others hold one, its attributes object is kept. */
import type { Subject } from "../row.js";
import { openMeter } from "./opentelemetry-api.js";
import { counterRows } from "./opentelemetry-counters.js";
import { histogramRows } from "./opentelemetry-histograms.js";

const MOST_SERIES = 2_000;

export async function openOpenTelemetry(): Promise<Subject> {
  const { meter, close } = await openMeter(MOST_SERIES);
  return { rows: [...counterRows(meter), ...histogramRows(meter)], skipped: [], close };
}
