/** A worker of the soak: records, uses the other ways in now and then, and ends as it is told. */
import { parentPort, workerData } from "node:worker_threads";
import { MetricsRuntime } from "metrics-runtime";
import { collectGarbage } from "../support/collect-garbage.js";
import { seededRandom } from "../support/seeded-random.js";
import { Accounts } from "./accounts.js";
import { liveBriefly } from "./brief-recorder.js";
import { runBriefly } from "./brief-runtime.js";
import { BriefSeries } from "./brief-series.js";
import { type Doing, Hearts } from "./hearts.js";
import { Load } from "./load.js";
import { INSTRUMENT_RECORDER, PLACES, STREAMS, WORKLOADS } from "./places.js";
import { type Order, THROWN, type WorkerTask } from "./worker-protocol.js";

/** Between two slices, so that four such threads leave something of two processors. */
const PAUSE_MS = 4;

const { token, place, life, seed, accounts, hearts } = workerData as WorkerTask;
const port = parentPort;
if (port === null) throw new Error("the soak starts this program as a worker");
const name = `${PLACES[place]}, life ${life}`;
const random = seededRandom(seed);
const heart = new Hearts(PLACES, hearts);
heart.doing(place, "attaching");
const runtime = MetricsRuntime.attach(token);
const instruments = runtime.getRecorder(INSTRUMENT_RECORDER);
const kept = new Accounts(PLACES.length, WORKLOADS.length, accounts);
const load = new Load(runtime, kept, place, random);
const series = new BriefSeries(instruments, name, random);
let report = { recorders: 0, runtimes: 0, seriesGone: 0, snapshots: 0 };
let order = "go on" as Order;
let resume: (() => void) | undefined;

port.on("message", (told: Order) => {
  order = told;
  resume?.();
});
const beats = heart.beat(place);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function during(what: Doing, work: () => void): void {
  heart.doing(place, what);
  work();
  heart.doing(place, "recording");
}

/** Orders that come to it between two slices. */
const ENDS: readonly Order[] = ["return", "throw"];
const isToRest = () => order === "rest";

/** Chances are those of one burst in a slice. */
function somethingElse(): void {
  if (order === "process.exit") process.exit(0); // in the midst of recording
  const chance = random();
  if (chance < 0.004) {
    during("using a short-lived recorder", () => {
      liveBriefly(runtime, `${name}, ${report.recorders}`, random);
      report.recorders++;
    });
  } else if (chance < 0.005) {
    during("using a short-lived runtime", () => {
      runBriefly(random, true);
      report.runtimes++;
    });
  } else if (chance < 0.009) {
    during("watching series come and go", () => {
      report.seriesGone += series.step();
    });
  } else if (chance < 0.012) {
    during("taking snapshots", () => {
      const ids = STREAMS.map(({ id }) => id);
      const recorder = runtime.getRecorder(ids[report.snapshots % ids.length] ?? "");
      recorder.getMetricSnapshots();
      report.snapshots++;
    });
  }
}

/** Tells what it did since it told before. */
function tell(complaint: string | undefined): void {
  port?.postMessage({ ...report, ...(complaint !== undefined && { complaint }) });
  report = { recorders: 0, runtimes: 0, seriesGone: 0, snapshots: 0 };
}

async function rest(): Promise<void> {
  heart.doing(place, "resting");
  const complaint = load.complaint();
  for (let n = 0; n < 3; n++) {
    collectGarbage();
    await pause(0);
  }
  tell(complaint && `its custom metric ${complaint}`);
  await new Promise<void>((resolve) => {
    resume = resolve;
  });
  resume = undefined;
  heart.doing(place, "recording");
}

try {
  heart.doing(place, "recording");
  while (!ENDS.includes(order)) {
    if (isToRest()) await rest();
    else load.slice(somethingElse);
    await pause(PAUSE_MS);
  }
  tell(load.complaint());
} catch (error) {
  tell(error instanceof Error ? error.message : String(error));
}
clearInterval(beats);
if (order === "throw") throw new Error(THROWN);
port.close();
