import { parseArgs } from "node:util";

export interface DemoOptions {
  /** How long the load runs. */
  readonly seconds: number;
  /** How many connections the generator keeps busy. */
  readonly connections: number;
  /** Limit of each recorder's queue. Small numbers show what drops do: the totals differ, and the demo says so. */
  readonly queueMaxSize: number;
}

export const USAGE = "usage: npm run demo -- [--seconds N] [--connections N] [--queue N]";

/** Throws an error with a message for the user. */
export function parseOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: "string", default: "8" },
      connections: { type: "string", default: "16" },
      queue: { type: "string", default: "10000" },
    },
  });
  return {
    seconds: numberIn("--seconds", values.seconds, 1, 600),
    connections: numberIn("--connections", values.connections, 1, 256),
    queueMaxSize: numberIn("--queue", values.queue, 1, 2 ** 24),
  };
}

function numberIn(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new RangeError(`${name} must be a whole number from ${least} to ${most}, not '${text}'`);
  }
  return value;
}
