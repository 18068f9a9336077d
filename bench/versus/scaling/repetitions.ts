/** Measures each case several times, interleaved, each time in a process of its own. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Point, pointsOf, type Reading } from "./points.js";

const REPETITIONS = 3;
/** A program that takes longer is killed, with its threads. */
const TIME_LIMIT_MS = 60_000;

const run = promisify(execFile);

export interface Case {
  readonly subject: string;
  readonly at: number;
  /** What the program is called with. */
  readonly args: readonly string[];
  /** What a peer cannot do leaves out that point; what we cannot do ends the run. */
  readonly isPeer: boolean;
}

export interface Curves<Measure extends string> {
  readonly points: readonly Point<Measure>[];
  /** Lines about points that could not be measured. */
  readonly leftOut: readonly string[];
}

export async function measureCurves<Measure extends string>(
  program: string,
  measures: readonly Measure[],
  cases: readonly Case[],
): Promise<Curves<Measure>> {
  const readings: Reading<Measure>[] = [];
  const failed = new Map<Case, string>();
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    for (const each of cases) {
      if (failed.has(each)) continue;
      const { subject, at, args, isPeer } = each;
      try {
        readings.push({ subject, at, values: await readOne(program, args) });
      } catch (error) {
        const line = `${subject}, ${at}: left out (${reasonOf(error)})`;
        if (!isPeer) throw new Error(line, { cause: error });
        failed.set(each, line);
      }
    }
  }
  const measured = cases.filter((each) => !failed.has(each));
  const isMeasured = ({ subject, at }: Reading<Measure>): boolean =>
    measured.some((each) => each.subject === subject && each.at === at);
  return {
    points: pointsOf(measures, readings.filter(isMeasured)),
    leftOut: [...failed.values()],
  };
}

async function readOne<Measure extends string>(
  program: string,
  args: readonly string[],
): Promise<Readonly<Record<Measure, number>>> {
  const { stdout } = await run(process.execPath, [...process.execArgv, program, ...args], {
    timeout: TIME_LIMIT_MS,
    killSignal: "SIGKILL",
  });
  return JSON.parse(stdout) as Readonly<Record<Measure, number>>;
}

/** What the program said last of an error, or that it was killed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { killed, stderr } = error as Error & { killed?: boolean; stderr?: string };
  if (killed) return `no end within ${TIME_LIMIT_MS / 1_000} s`;
  const said = stderr?.split("\n").find((line) => /error/i.test(line));
  return said?.trim() ?? error.message;
}
