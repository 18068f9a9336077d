import { setTimeout as sleep } from "node:timers/promises";
import { httpRequests } from "./http-metrics.js";
import { type LiveRow, liveRows, type Reading } from "./live-view.js";
import { totalsBy, valueAt } from "./snapshot-values.js";
import { storageDocuments, storageOperations } from "./storage-metrics.js";
import { textTable } from "./text-table.js";

const TERMINAL_INTERVAL_MS = 250;
const PLAIN_INTERVAL_MS = 1_000;
const CELL_WIDTH = 10;

/** Shows readings while the load runs: redrawn in place on a terminal, else one line per second. */
export class LiveTable {
  readonly #output: NodeJS.WriteStream;
  readonly #read: () => Reading;
  readonly #startedAtMs: number;
  #earlier: Reading;
  #drawnLines = 0;

  constructor(output: NodeJS.WriteStream, read: () => Reading) {
    this.#output = output;
    this.#read = read;
    this.#earlier = read();
    this.#startedAtMs = this.#earlier.atMs;
  }

  /** Rejects when a reading fails. */
  async showUntil(ended: AbortSignal): Promise<void> {
    const intervalMs = this.#output.isTTY ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
    for (;;) {
      try {
        await sleep(intervalMs, undefined, { signal: ended });
      } catch {
        return; // ended
      }
      this.#show();
    }
  }

  #show(): void {
    const now = this.#read();
    const rows = liveRows(this.#earlier, now);
    if (this.#output.isTTY) {
      this.#redraw([...tableOf(rows), "", ...this.#footer(now)]);
    } else {
      this.#output.write(`${this.#plainLine(rows, now)}\n`);
    }
    this.#earlier = now;
  }

  // A line that wrapped would be two to move up over.
  #redraw(lines: readonly string[]): void {
    const columns = this.#output.columns || 80; // 0 on a terminal without a size
    const upAndClear = this.#drawnLines > 0 ? `\x1b[${this.#drawnLines}A\x1b[0J` : "";
    this.#output.write(
      `${upAndClear}${lines.map((line) => line.slice(0, columns - 1)).join("\n")}\n`,
    );
    this.#drawnLines = lines.length;
  }

  #footer(now: Reading): string[] {
    const inFlight = valueAt(now.http, httpRequests, "in_flight");
    const operations = valueAt(now.storage, storageOperations, "finished");
    const bytes = totalsBy("operation", valueAt(now.storage, storageOperations, "bytes"));
    return [
      `${this.#secondsAt(now)} s   in flight ${inFlight}   queue depth ${now.pending}   drops ${now.dropped}`,
      `storage: ${operations.reduce((sum, { value }) => sum + value, 0)} operations` +
        ` on ${valueAt(now.storage, storageDocuments, "asked_for")} documents,` +
        ` ${megabytes(bytes.write ?? 0)} written, ${megabytes(bytes.read ?? 0)} read`,
    ];
  }

  #plainLine(rows: readonly LiveRow[], now: Reading): string {
    const all = rows.at(-1);
    return [
      `${this.#secondsAt(now)} s`,
      `${all?.answered ?? 0} answered`,
      `${Math.round(all?.perSecond ?? 0)}/s`,
      `p50 ${milliseconds(all?.p50Ms)}`,
      `p99 ${milliseconds(all?.p99Ms)}`,
      `failures ${all?.failed ?? 0}`,
      `in flight ${valueAt(now.http, httpRequests, "in_flight")}`,
      `queue depth ${now.pending}`,
      `drops ${now.dropped}`,
    ].join("  ");
  }

  #secondsAt({ atMs }: Reading): string {
    return ((atMs - this.#startedAtMs) / 1_000).toFixed(1);
  }
}

function tableOf(rows: readonly LiveRow[]): string[] {
  return textTable(
    ["requests", "answered", "per second", "p50", "p99", "failures"],
    rows.map(({ title, answered, perSecond, p50Ms, p99Ms, failed }) => [
      title,
      // One width whatever the numbers: a table that is redrawn should stand still.
      ...[
        String(answered),
        String(Math.round(perSecond)),
        milliseconds(p50Ms),
        milliseconds(p99Ms),
        String(failed),
      ].map((text) => text.padStart(CELL_WIDTH)),
    ]),
  );
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? "-" : `${value.toFixed(2)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
