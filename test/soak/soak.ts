/**
 * The soak itself, in the process that test/soak/main.ts starts: stints in which all kinds of load go on at once, and
 * after each a checkpoint, at which nothing does: everything has to be accounted for, and the process to have what it
 * had.
 */
import { MetricsRuntime } from "metrics-runtime";
import { seededRandom } from "../support/seeded-random.js";
import { Accounts } from "./accounts.js";
import { Audit } from "./audit.js";
import { Seat } from "./crew.js";
import { Expositions } from "./expositions.js";
import { Figures } from "./figures.js";
import { Hearts, startWatchdog } from "./hearts.js";
import { INSTRUMENTS } from "./instruments.js";
import { MainThread } from "./main-thread.js";
import { soakOptions } from "./options.js";
import {
  FIRST_INSTRUMENT,
  INSTRUMENT_RECORDER,
  MAIN,
  PLACES,
  STREAMS,
  WORKLOADS,
} from "./places.js";
import { beginStreams } from "./stream.js";
import { Watch } from "./watch.js";

/** An event loop that is silent for so long hangs. */
const SILENCE_MS = 60_000;
/** What the checkpoints and the end may take beyond the time that was asked for. */
const GRACE_MS = 120_000;
const CHECKPOINTS = 24;
const LONGEST_STINT_S = 10;

const { seconds, seed } = soakOptions(process.argv.slice(2));
const begin = performance.now();
const elapsed = () => (performance.now() - begin) / 1_000;
const random = seededRandom(seed);
const hearts = new Hearts(PLACES);
startWatchdog({
  names: PLACES,
  memory: hearts.memory,
  seed,
  silenceMs: SILENCE_MS,
  wholeMs: seconds * 1_000 + GRACE_MS,
});
hearts.expect(MAIN, true);
hearts.beat(MAIN);

process.on("disconnect", () => process.exit(1)); // whoever started it is gone

const figures = new Figures();
const accounts = new Accounts(PLACES.length, WORKLOADS.length);
const runtime = new MetricsRuntime({ namespace: "soak" });
runtime.start();
for (const { id, queueMaxSize, policy } of STREAMS) {
  const options = { queueMaxSize, queueOverflowPolicy: policy };
  beginStreams(runtime.createRecorder(id, options), PLACES);
}
const instruments = runtime.createRecorder(INSTRUMENT_RECORDER);
for (const { hold } of INSTRUMENTS) hold?.(instruments, PLACES);
const audit = new Audit(runtime, accounts);
const expositions = new Expositions(runtime);
await expositions.listen();
const parts = { runtime, accounts, hearts, audit, figures, expositions, random };
const main = new MainThread(parts);
const seats = PLACES.slice(1).map((_, at) => new Seat(parts, at + 1));
const [longLived, ...others] = seats;
const watch = new Watch();

const totalOf = (from: number, to: number): number => {
  let all = 0;
  for (const place of PLACES.keys()) {
    for (let at = from; at < to; at++) all += accounts.read(place, at).done;
  }
  return all;
};

async function stint(): Promise<void> {
  const end = performance.now() + 1_000 * Math.min(LONGEST_STINT_S, seconds / CHECKPOINTS);
  const over = () => performance.now() >= end;
  await Promise.all([
    main.work(over),
    longLived?.stay(over),
    ...others.map((seat) => seat.turnOver(over)),
  ]);
}

async function checkpoint(): Promise<void> {
  hearts.doing(MAIN, "at a checkpoint");
  const number = figures.get("checkpoints exact") + 1;
  const when = `at checkpoint ${number}`;
  const complaint = main.complaint();
  if (complaint !== undefined) throw new Error(`main: its custom metric ${complaint}, ${when}`);
  audit.check(when);
  expositions.check(when, audit.counters());
  await watch.look(elapsed(), when);
  figures.count("checkpoints exact");
  const events = totalOf(0, FIRST_INSTRUMENT);
  console.log(`checkpoint ${number} at ${elapsed().toFixed(0)} s: ${events} events; ${watch.last}`);
}

function tell(failures: number): void {
  const say = (what: string, value: unknown) => console.log(`figure: soak | ${what} | ${value}`);
  say("seed", seed);
  say("seconds", Math.round(elapsed()));
  say("events", totalOf(0, FIRST_INSTRUMENT));
  say("instrument writes", totalOf(FIRST_INSTRUMENT, WORKLOADS.length));
  for (const [name, count] of figures.entries()) say(name, count);
  say("threads ended inside a call", audit.inside);
  say("events left pending by ended threads", audit.leftPending);
  say("longest silence of an event loop, ms", hearts.longestSilence);
  for (const [name, value] of watch.figures()) say(name, value);
  say("failures", failures);
}

let failure: unknown;
try {
  while (elapsed() < seconds) {
    await stint();
    await checkpoint();
  }
  hearts.doing(MAIN, "waiting for a worker to end");
  await longLived?.end("return");
  audit.check("at the end");
  watch.judge();
  hearts.doing(MAIN, "shutting down");
  await expositions.close();
  runtime.shutdown();
} catch (error) {
  failure = error;
}
tell(failure === undefined ? 0 : 1);
if (failure !== undefined) {
  const told = failure instanceof Error ? failure.message : String(failure);
  console.log(`FAILED soak: ${told}; seed ${seed}`);
}
// The watchdog would keep the process; workers that a failure has left go with it.
process.exit(failure === undefined ? 0 : 1);
