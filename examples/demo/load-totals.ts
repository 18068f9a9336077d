/** What the load generator counted, on its side of the wire. */
export interface LoadTotals {
  /** How often autocannon was run, each time for a fixed number of requests. */
  readonly rounds: number;
  readonly requestsSent: number;
  readonly responses: number;
  /** Connection errors, time-outs included: requests that got no whole response. */
  readonly errors: number;
  /** By exact code: `"404"`. */
  readonly responsesByStatus: Readonly<Record<string, number>>;
  /** `"2xx"`, `"4xx"`, … */
  readonly responsesByClass: Readonly<Record<string, number>>;
  readonly responsesByMethod: Readonly<Record<string, number>>;
  /** How many different documents the answered requests named. */
  readonly documentsAskedFor: number;
  /** The same, of the writes that succeeded. */
  readonly documentsWritten: number;
  /** Bodies only, of the requests that were answered. */
  readonly requestBodyBytes: number;
  /** Everything that was read from the sockets, headers included. */
  readonly bytesRead: number;
}

/** What the generator's process is told to do, as its only argument (JSON). */
export interface LoadOrder {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  readonly maxDocumentBytes: number;
  /** A document that cannot be read. */
  readonly damagedDocumentId: string;
}

/** Sent to the generator's process: no further round. */
export const STOP_MESSAGE = "stop";
