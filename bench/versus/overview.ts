/** A section as one table: a row for each operation, a column for each subject. */
import { markdownTable } from "../markdown-table.js";
import { FLOOR, FLOOR_OF, type Operation, OURS } from "./operations.js";
import { type ComparedFigure, figureFor } from "./ratios.js";

/** Medians; of a peer also, in parentheses, how many times ours. */
export function overviewTable(
  unit: string,
  figures: readonly ComparedFigure[],
  digits: number,
): string {
  const measured = figures.filter(({ subject }) => subject !== FLOOR);
  const operations = [...new Set(measured.map(({ operation }) => operation))];
  const peers = [...new Set(measured.map(({ subject }) => subject))].filter((who) => who !== OURS);
  const rows = operations.map((operation) => {
    const of = (subject: string) => figureFor(measured, operation, subject);
    const floor = figureFor(figures, FLOOR_OF[operation as Operation], FLOOR);
    const ours = of(OURS);
    return [
      operation,
      floor?.median.toFixed(digits) ?? "",
      ours === undefined ? "" : `**${ours.median.toFixed(digits)}**`,
      ours?.timesFloor?.toFixed(1) ?? "",
      ...peers.map((peer) => peerCell(of(peer), digits)),
    ];
  });
  const header = [`operation, ${unit}`, "floor", `**${OURS}**`, "x floor", ...peers];
  return markdownTable(header, rows);
}

function peerCell(figure: ComparedFigure | undefined, digits: number): string {
  if (figure === undefined) return "";
  const value = figure.median.toFixed(figure.median >= 100 ? 0 : digits);
  const { timesOurs } = figure;
  return timesOurs === undefined ? value : `${value} (${Number(timesOurs.toPrecision(2))}x)`;
}
