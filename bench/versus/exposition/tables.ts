/** The section `exposition` as Markdown: medians, and in parentheses the least and the greatest. */
import { markdownTable } from "../../markdown-table.js";
import { ratio } from "../ratios.js";
import { claimTable } from "../report.js";
import type { Curves } from "../scaling/repetitions.js";
import { range } from "../scaling/tables.js";
import type { ExpositionFigures, ExpositionMeasure } from "./figures.js";
import { SERIALIZER } from "./peers.js";
import { KINDS } from "./subject.js";
import { OUR_TEXT, OUR_WAYS } from "./subjects.js";

const BYTES_PER_MIB = 2 ** 20;

export function expositionParts(figures: ExpositionFigures): readonly string[] {
  const { curves, claims, serializer } = figures;
  const parts = ["\n## What an exposition takes"];
  if (serializer !== undefined) parts.push(`${SERIALIZER} ${serializer.version}`);
  for (const kind of KINDS) parts.push(`\n### ${kind}, 3 labels`, pointTable(curves[kind].points));
  parts.push("\n### Claims", claimTable(claims, "what"));
  const leftOut = KINDS.flatMap((kind) => curves[kind].leftOut.map((line) => `${kind}, ${line}`));
  return leftOut.length === 0 ? parts : [...parts, leftOut.map((line) => `- ${line}`).join("\n")];
}

function pointTable(points: Curves<ExpositionMeasure>["points"]): string {
  return markdownTable(
    [
      "series",
      "who",
      "wall, ms",
      "x ours",
      "processor, ms",
      "longest stall, ms",
      "worst",
      "held up, ms",
      "worst held up",
      "perf_hooks, ms",
      "idle stall, ms",
      "worst idle",
      "MiB",
    ],
    points.map(({ subject, at, values }) => {
      const ours = points.find((point) => point.subject === OUR_TEXT && point.at === at);
      const isOurs = subject in OUR_WAYS;
      const times = isOurs ? undefined : ratio(values.wallMs.median, ours?.values.wallMs.median);
      return [
        String(at),
        isOurs ? `**${subject}**` : subject,
        range(values.wallMs),
        times === undefined ? "" : shortly(times),
        range(values.cpuMs),
        range(values.stallMs),
        shortly(values.worstStallMs.max),
        range(values.heldMs),
        shortly(values.worstHeldMs.max),
        range(values.monitorMs),
        range(values.idleMs),
        shortly(values.worstIdleMs.max),
        (values.bytes.median / BYTES_PER_MIB).toFixed(2),
      ];
    }),
  );
}

/** Three digits that count. */
function shortly(value: number): string {
  return String(Number(value.toPrecision(3)));
}
