/** What a plot shows, whatever draws it. */
import type { Point, Spread } from "../scaling/points.js";

export interface Axis {
  /** With its unit. */
  readonly name: string;
  readonly scale: "log" | "linear";
  /** Of a logarithmic axis; ticks are its powers. */
  readonly base?: 2 | 10;
  /** Where it ends, if not at a tick. */
  readonly max?: number;
}

export interface LinePoint extends Spread {
  readonly x: number;
}

export interface Line {
  readonly name: string;
  readonly color: string;
  readonly points: readonly LinePoint[];
}

export interface Panel {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
}

export interface Plot {
  /** Without its ending. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** What the library that draws is told. */
  readonly option: object;
}

/** A line for each subject that was measured, in order of appearance. */
export function linesOf<Measure extends string>(
  points: readonly Point<Measure>[],
  measure: Measure,
  colorOf: (subject: string) => string,
): readonly Line[] {
  const subjects = [...new Set(points.map(({ subject }) => subject))];
  return subjects.map((subject) => ({
    name: subject,
    color: colorOf(subject),
    points: points
      .filter((point) => point.subject === subject)
      .map(({ at, values }) => ({ x: at, ...values[measure] })),
  }));
}
