export interface Engine {
  readonly name: string;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Its own, removed when it has ended. */
  readonly directory: string;
  readonly pid: number | undefined;
  /** What it has written so far, line by line. */
  readonly log: readonly string[];
  /** How it ended; undefined while it runs. */
  readonly end: object | undefined;
  /** Ends it and waits until it has ended, at most 10 s; may be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a program that serves HTTP on a free port, and waits until it says that it is ready: first in its log, then over
 * HTTP.
 *
 * @param what.command the program and its arguments; may write files into the directory
 * @param what.listening a line that it logs once it has its port
 * @param what.readyPath answers 200 when it is ready
 */
export function startEngine(what: {
  readonly name: string;
  readonly command: (directory: string, address: string) => readonly string[];
  readonly listening: RegExp;
  readonly readyPath: string;
}): Promise<Engine>;
