/** The ways to end, the states in which an end can find the library, and the threads. */

export const STATES = ["idle", "recording", "in a snapshot"] as const;
export type State = (typeof STATES)[number];
export type Where = "main" | "worker";

export interface Way {
  readonly name: string;
  /** As the page has it. */
  readonly title: string;
  readonly where: readonly Where[];
  readonly states: readonly State[];
  /** Of the process: its code or signal. */
  readonly ends: Readonly<Partial<Record<Where, number | NodeJS.Signals>>>;
  /** Sent from outside, once the program is ready. */
  readonly signal?: NodeJS.Signals;
}

const BOTH = ["main", "worker"] as const;

export const WAYS: readonly Way[] = [
  way("natural-end", "natural end, never shut down", { main: 0, worker: 0 }),
  way("exit-0", "`process.exit(0)`", { main: 0, worker: 0 }),
  way("exit-7", "`process.exit(7)`", { main: 7, worker: 0 }),
  way("error", "uncaught error", { main: 1, worker: 1 }),
  way("rejection", "unhandled rejection", { main: 1, worker: 1 }),
  { ...way("sigterm", "SIGTERM", { main: "SIGTERM", worker: "SIGTERM" }), signal: "SIGTERM" },
  { ...way("sigkill", "SIGKILL", { main: "SIGKILL", worker: "SIGKILL" }), signal: "SIGKILL" },
  way("terminate", "`worker.terminate()`", { worker: 0 }),
  way("out-of-memory", "a memory limit is reached", { worker: 1 }),
  way("only-in-worker", "`process.exit(7)` beside the only thread that uses it", { worker: 7 }),
  way("esm-and-cjs", "natural end, loaded as ESM and as CommonJS", { main: 0, worker: 0 }),
  way("two-copies", "natural end, two copies of the package", { main: 0, worker: 0 }),
  {
    ...way("never-started", "natural end, never started", { main: 0, worker: 0 }),
    states: ["idle"],
  },
  way("shut-down-twice", "natural end, shut down twice", { main: 0, worker: 0 }),
  way("exit-listener", "natural end, an `exit` listener records", { main: 0, worker: 0 }),
  way("exit-in-hook", "`process.exit(7)` in a hook", { main: 7, worker: 0 }),
];

function way(name: string, title: string, ends: Way["ends"]): Way {
  return { name, title, ends, states: STATES, where: BOTH.filter((where) => where in ends) };
}

export interface Cell {
  readonly way: Way;
  readonly state: State;
  readonly where: Where;
}

export const CELLS: readonly Cell[] = WAYS.flatMap((way) =>
  way.where.flatMap((where) => way.states.map((state): Cell => ({ way, state, where }))),
);
