import { parseArgs } from "node:util";

export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
}

/** @throws Error that says which option is wrong */
export function soakOptions(args: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: "string" },
      minutes: { type: "string" },
      seed: { type: "string" },
    },
  });
  const { seconds, minutes, seed } = values;
  const asked = Number(seconds ?? 0) + 60 * Number(minutes ?? 0);
  const length = seconds === undefined && minutes === undefined ? 60 : asked;
  if (!(length >= 20)) throw new RangeError("--seconds or --minutes: at least 20 seconds");
  const chosen = seed === undefined ? Date.now() % 1_000_000 : Number(seed);
  if (!Number.isSafeInteger(chosen)) throw new RangeError(`--seed ${seed}: must be an integer`);
  return { seconds: length, seed: chosen };
}
