/** The command line of `npm run bench:versus`. */
import { parseArgs } from "node:util";
import {
  OPERATION_NAMES,
  type Operation,
  PEER_NAMES,
  type Peer,
  SECTIONS,
  type Section,
} from "./operations.js";

export interface Options {
  readonly sections: readonly Section[];
  readonly operations: readonly Operation[];
  readonly peers: readonly Peer[];
  readonly rounds: number;
  /** Where the report goes as JSON. */
  readonly json: string | undefined;
  /** The folder that plots go to. */
  readonly plots: string | undefined;
}

const DEFAULT_ROUNDS = 11;
const MOST_ROUNDS = 1_000;

const KNOWN = {
  only: { type: "string", multiple: true },
  rows: { type: "string", multiple: true },
  peers: { type: "string", multiple: true },
  rounds: { type: "string" },
  json: { type: "string" },
  plots: { type: "string" },
} as const;

/** @throws Error that names what is known, for an option, section, row or peer that is not */
export function parseOptions(args: readonly string[]): Options {
  const { only, rows, peers, rounds, json, plots } = parse(args);
  return {
    sections: chosen("section", only, SECTIONS),
    operations: matching(rows),
    peers: chosen("peer", peers, PEER_NAMES),
    rounds: rounds === undefined ? DEFAULT_ROUNDS : checkRounds(rounds),
    json,
    plots,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: KNOWN }).values;
  } catch (error) {
    const known = Object.keys(KNOWN).map((name) => `--${name}`);
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`${said}; known options: ${known.join(", ")}`);
  }
}

/** Those of `known` that are named, each argument being a list; all, if nothing is said. */
function chosen<Name extends string>(
  what: string,
  lists: readonly string[] | undefined,
  known: readonly Name[],
): readonly Name[] {
  if (lists === undefined) return known;
  const names = lists.flatMap((list) => list.split(",")).map((name) => name.trim());
  for (const name of names) {
    if (!(known as readonly string[]).includes(name)) throw unknown(what, name, known);
  }
  return known.filter((name) => names.includes(name));
}

function matching(parts: readonly string[] | undefined): readonly Operation[] {
  if (parts === undefined) return OPERATION_NAMES;
  for (const part of parts) {
    const found = OPERATION_NAMES.some((name) => name.includes(part));
    if (!found) throw unknown("row", part, OPERATION_NAMES, "\n  ");
  }
  return OPERATION_NAMES.filter((name) => parts.some((part) => name.includes(part)));
}

function unknown(what: string, name: string, known: readonly string[], between = ", "): Error {
  const list = between === ", " ? ` ${known.join(between)}` : `${between}${known.join(between)}`;
  return new Error(`unknown ${what} ${JSON.stringify(name)}; known:${list}`);
}

function checkRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= MOST_ROUNDS) return rounds;
  throw new Error(`--rounds must be an integer, 1 … ${MOST_ROUNDS}; it is ${JSON.stringify(text)}`);
}
