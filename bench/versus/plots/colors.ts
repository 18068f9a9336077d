/** The colour of each subject: the same in all plots, told apart on white. */
import { FLOOR, OURS } from "../operations.js";
import { PRODUCERS } from "../scaling/producers.js";
import { STREAMS } from "../scaling/queue.js";

const COLORS: Readonly<Record<string, string>> = {
  [FLOOR]: "#6e7781",
  [OURS]: "#0550ae",
  "prom-client": "#cf222e",
  "prometheus-io": "#bf8700",
  opentelemetry: "#8250df",
  "hot-shots": "#1a7f37",
  "hot-shots, aggregating": "#2da44e",
  perf_hooks: "#bf3989",
  [PRODUCERS.floor]: "#6e7781",
  [PRODUCERS.counterHeld]: "#0550ae",
  [PRODUCERS.counterLiteral]: "#218bff",
  [PRODUCERS.emitter]: "#1a7f37",
  [PRODUCERS.promClient]: "#cf222e",
  [STREAMS.blast]: "#0550ae",
  [STREAMS.paced]: "#1a7f37",
};
const OF_OTHERS = "#24292f";

export function colorOf(subject: string): string {
  return COLORS[subject] ?? OF_OTHERS;
}
