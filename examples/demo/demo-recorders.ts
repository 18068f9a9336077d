import type { MetricsRecorder, MetricsRuntime } from "metrics-runtime";
import { type EventAccounts, isBalanced } from "./event-accounts.js";
import { registerHttpMetrics } from "./http-metrics.js";
import type { Reading } from "./live-view.js";
import { registerStorageMetrics } from "./storage-metrics.js";

const HTTP = "http_service";
const STORAGE = "document_storage";

/** Two recorders, one for each measured thing, and what they report together. */
export class DemoRecorders {
  readonly http: MetricsRecorder;
  readonly storage: MetricsRecorder;
  readonly #runtime: MetricsRuntime;
  #unbalancedReadings = 0;

  constructor(runtime: MetricsRuntime, queueMaxSize: number) {
    this.#runtime = runtime;
    this.http = runtime.createRecorder(HTTP, { queueMaxSize });
    this.storage = runtime.createRecorder(STORAGE, { queueMaxSize });
    registerHttpMetrics(this.http);
    registerStorageMetrics(this.storage);
  }

  /** Readings in which an event was neither accepted nor dropped. There must be none. */
  get unbalancedReadings(): number {
    return this.#unbalancedReadings;
  }

  /** The queue depth is read first: a snapshot waits until the queues are empty. */
  read(): Reading {
    const accounts = Object.values(this.accounts());
    if (!accounts.every(isBalanced)) {
      this.#unbalancedReadings++;
    }
    return {
      atMs: performance.now(),
      http: this.http.getMetricSnapshots(),
      storage: this.storage.getMetricSnapshots(),
      pending: accounts.reduce((sum, { pending }) => sum + pending, 0),
      dropped: accounts.reduce((sum, { dropped }) => sum + dropped, 0),
    };
  }

  accounts(): EventAccounts {
    return { [HTTP]: this.http.getStats(), [STORAGE]: this.storage.getStats() };
  }

  /** Dispatches what was accepted. Snapshots and stats can be read for as long as one likes. */
  stop(): void {
    this.#runtime.stopRecorder(HTTP);
    this.#runtime.stopRecorder(STORAGE);
  }

  describeThread(): string {
    const { threadId, wakeUps, eventsDrained, deepestQueue } = this.#runtime.getStats();
    return `thread ${threadId ?? "-"}: ${eventsDrained} events in ${wakeUps} wake-ups, deepest queue ${deepestQueue}`;
  }
}
