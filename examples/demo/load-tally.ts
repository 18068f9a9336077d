import type { Result } from "autocannon";
import { type PlannedRequest, PROVOKED_STATUSES } from "./load-mix.js";
import type { LoadTotals } from "./load-totals.js";

/** Adds up what autocannon reports: per response, and at the end of each round. */
export class LoadTally {
  #rounds = 0;
  #requestsSent = 0;
  #responses = 0;
  #errors = 0;
  #requestBodyBytes = 0;
  #bytesRead = 0;
  // What the load should provoke begins at 0: it is compared also when it did not come up.
  readonly #byStatus = Object.fromEntries(PROVOKED_STATUSES.map((status) => [status, 0]));
  readonly #byClass: Record<string, number> = {};
  readonly #byMethod = { GET: 0, PUT: 0, DELETE: 0 };
  readonly #documentsAskedFor = new Set<string>();
  readonly #documentsWritten = new Set<string>();

  addResponse({ method, path, body }: PlannedRequest, status: number): void {
    this.#byMethod[method]++;
    this.#requestBodyBytes += body?.length ?? 0;
    const documentId = /^\/documents\/([^?]+)/.exec(path)?.[1];
    if (documentId !== undefined) {
      this.#documentsAskedFor.add(documentId);
      if (method === "PUT" && status < 300) this.#documentsWritten.add(documentId);
    }
  }

  addRound(result: Result): void {
    this.#rounds++;
    this.#requestsSent += result.requests.sent;
    this.#responses += result.requests.total;
    this.#errors += result.errors; // includes the time-outs
    this.#bytesRead += result.throughput.total;
    for (const [status, { count = 0 }] of Object.entries(result.statusCodeStats ?? {})) {
      add(this.#byStatus, status, count);
    }
    for (const statusClass of ["1xx", "2xx", "3xx", "4xx", "5xx"] as const) {
      add(this.#byClass, statusClass, result[statusClass]);
    }
  }

  totals(): LoadTotals {
    return {
      rounds: this.#rounds,
      requestsSent: this.#requestsSent,
      responses: this.#responses,
      errors: this.#errors,
      responsesByStatus: this.#byStatus,
      responsesByClass: this.#byClass,
      responsesByMethod: this.#byMethod,
      documentsAskedFor: this.#documentsAskedFor.size,
      documentsWritten: this.#documentsWritten.size,
      requestBodyBytes: this.#requestBodyBytes,
      bytesRead: this.#bytesRead,
    };
  }
}

function add(counts: Record<string, number>, key: string, by: number): void {
  counts[key] = (counts[key] ?? 0) + by;
}
