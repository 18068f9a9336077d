/** The section `scaling` as Markdown: medians, and in parentheses the least and the greatest. */
import { markdownTable } from "../../markdown-table.js";
import type { ScalingFigures } from "./figures.js";
import type { Spread } from "./points.js";
import type { Curves } from "./repetitions.js";
import type { SeriesMeasure } from "./series.js";

export function scalingParts({ threads, series, queue }: ScalingFigures): readonly string[] {
  const parts = [
    "\n## Producing threads",
    threadTable(threads.points),
    "\n## Series",
    seriesTable("ns of an add", "nanoseconds", series.points),
    seriesTable("ms of a snapshot", "snapshotMs", series.points),
    "\n## Queue limit",
    queueTable(queue.points),
  ];
  const leftOut = [threads, series, queue].flatMap((curves) => curves.leftOut);
  return leftOut.length === 0 ? parts : [...parts, leftOut.map((line) => `- ${line}`).join("\n")];
}

function threadTable(points: ScalingFigures["threads"]["points"]): string {
  return markdownTable(
    [
      "who, operation",
      "threads",
      "million/s in total",
      "ns, operation and thread",
      "processor ns, operation",
      "accepted",
      "dropped",
    ],
    points.map(({ subject, at, values }) => [
      subject,
      String(at),
      range(values.millionPerSecond),
      range(values.wallNanoseconds),
      range(values.cpuNanoseconds),
      String(values.accepted.median),
      String(values.dropped.median),
    ]),
  );
}

/** A column for each subject. */
function seriesTable(
  unit: string,
  measure: SeriesMeasure,
  points: Curves<SeriesMeasure>["points"],
): string {
  const subjects = [...new Set(points.map(({ subject }) => subject))];
  const places = [...new Set(points.map(({ at }) => at))];
  const rows = places.map((place) => [
    String(place),
    ...subjects.map((subject) => {
      const point = points.find((each) => each.subject === subject && each.at === place);
      return point === undefined ? "" : range(point.values[measure]);
    }),
  ]);
  return markdownTable([`series; ${unit}`, ...subjects], rows);
}

function queueTable(points: ScalingFigures["queue"]["points"]): string {
  return markdownTable(
    ["stream", "queue limit", "ns, accepted event", "dropped, %", "million/s offered", "accepted"],
    points.map(({ subject, at, values }) => [
      subject,
      String(at),
      range(values.nanoseconds),
      range(values.droppedPercent),
      range(values.millionPerSecond),
      String(values.accepted.median),
    ]),
  );
}

/** All three where they do not come out the same. */
export function range({ median, min, max }: Spread): string {
  const [middle, least, most] = [median, min, max].map(digits);
  return least === most ? String(middle) : `${middle} (${least}–${most})`;
}

/** Three digits that count, more of whole numbers. */
function digits(value: number): string {
  return Math.abs(value) >= 1_000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
