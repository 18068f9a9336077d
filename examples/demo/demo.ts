import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MetricsRuntime, metricsHandler } from "metrics-runtime";
import { CleanUp } from "./clean-up.js";
import { placeDamagedDocument } from "./damaged-document.js";
import { DemoRecorders } from "./demo-recorders.js";
import { DocumentStorage } from "./document-storage.js";
import { accountTable, isSettled } from "./event-accounts.js";
import { createHttpServiceEvents } from "./http-events.js";
import { HttpService } from "./http-service.js";
import { LiveTable } from "./live-table.js";
import { Load } from "./load.js";
import type { LoadTotals } from "./load-totals.js";
import type { DemoOptions } from "./options.js";
import { allEqual, compareWithGenerator, comparisonTable } from "./reconcile.js";
import { scrape } from "./scrape.js";
import { snapshotReport } from "./snapshot-report.js";

const MAX_DOCUMENT_BYTES = 64 * 1_024;
const DAMAGED_DOCUMENT_ID = "damaged-document";
const IDLE_LIMIT_MS = 5_000;

/** How an interrupt reaches the load. */
export interface DemoSignals {
  /** Aborted: end soon, with comparable totals. */
  readonly soon: AbortSignal;
  /** Aborted: end now, without. */
  readonly now: AbortSignal;
}

/** Runs the demo and says whether every total was equal. Leaves nothing behind, however it ends. */
export async function runDemo(options: DemoOptions, signals: DemoSignals): Promise<boolean> {
  const cleanUp = new CleanUp();
  let equal = false;
  let tidy = false;
  try {
    equal = await measure(options, signals, cleanUp);
  } finally {
    tidy = await cleanUp.run();
  }
  return equal && tidy;
}

async function measure(
  options: DemoOptions,
  signals: DemoSignals,
  cleanUp: CleanUp,
): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "document-storage-"));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  await placeDamagedDocument(folder, DAMAGED_DOCUMENT_ID);

  const runtime = new MetricsRuntime({ namespace: "demo" });
  cleanUp.defer(() => runtime.shutdown());
  runtime.start();
  const recorders = new DemoRecorders(runtime, options.queueMaxSize);

  const storage = new DocumentStorage({
    folder,
    maxDocumentBytes: MAX_DOCUMENT_BYTES,
    recorder: recorders.storage,
  });
  const service = new HttpService(
    storage,
    createHttpServiceEvents(recorders.http),
    metricsHandler(runtime),
  );
  const url = await service.listen();
  cleanUp.defer(async () => {
    await service.close();
    await service.idle(IDLE_LIMIT_MS); // requests that were cut off still report to the recorders
  });

  console.log(
    `${url}: ${options.connections} connections for ${options.seconds} s; ${url}/metrics\n`,
  );
  const load = await watch(recorders, () => runLoad(url, options, signals, cleanUp));
  if (!(await service.idle(IDLE_LIMIT_MS))) {
    console.error("the service is still busy although the load has ended");
    return false;
  }
  return report(recorders, load, await scrape(url));
}

async function watch<T>(recorders: DemoRecorders, work: () => Promise<T>): Promise<T> {
  const table = new LiveTable(process.stdout, () => recorders.read());
  const ended = new AbortController();
  const [result] = await Promise.all([
    work().finally(() => ended.abort()),
    table.showUntil(ended.signal),
  ]);
  return result;
}

async function runLoad(
  url: string,
  { seconds, connections }: DemoOptions,
  signals: DemoSignals,
  cleanUp: CleanUp,
): Promise<LoadTotals> {
  const load = new Load({
    url,
    seconds,
    connections,
    maxDocumentBytes: MAX_DOCUMENT_BYTES,
    damagedDocumentId: DAMAGED_DOCUMENT_ID,
  });
  cleanUp.defer(() => load.kill());
  onAbort(signals.soon, () => load.stop());
  onAbort(signals.now, () => load.kill());
  return await load.finished;
}

function onAbort(signal: AbortSignal, listener: () => void): void {
  if (signal.aborted) {
    listener();
  } else {
    signal.addEventListener("abort", listener, { once: true });
  }
}

function report(recorders: DemoRecorders, load: LoadTotals, scraped: string): boolean {
  recorders.stop();
  const { http, storage, dropped } = recorders.read();
  const accounts = recorders.accounts();
  const comparisons = compareWithGenerator(load, http, storage, scraped);
  const equal = allEqual(comparisons);
  const settled = Object.values(accounts).every(isSettled) && recorders.unbalancedReadings === 0;

  print("Snapshot", [...snapshotReport(http), ...snapshotReport(storage)]);
  print("Where every event went", [...accountTable(accounts), "", recorders.describeThread()]);
  print(
    `The generator's own totals (of ${load.rounds} rounds) beside ours`,
    comparisonTable(comparisons),
  );
  print(equal ? "Equal to the last request." : `THE TOTALS DIFFER (dropped: ${dropped}).`, []);
  if (!settled) {
    print("EVENTS ARE UNACCOUNTED FOR.", [
      `readings with offered != accepted + dropped: ${recorders.unbalancedReadings}`,
    ]);
  }
  return equal && settled;
}

function print(title: string, lines: readonly string[]): void {
  console.log(["", title, ...lines.map((line) => `  ${line}`.trimEnd())].join("\n"));
}
